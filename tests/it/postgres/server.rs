use std::fs;
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _, chown};
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use tempfile::TempDir;

use crate::tool;

/// A `PostgreSQL` server of our own in a temporary folder, reached by a socket there and by no port.
pub(crate) struct Server {
    bin: PathBuf,
    folder: TempDir,
    user: Option<(u32, u32)>,
}

impl Server {
    /// Starts the `PostgreSQL` whose programs are in the folder `CREDITSCOPE_POSTGRES`, if it is set.
    pub(crate) fn start() -> Option<Self> {
        let bin = tool::path_of("CREDITSCOPE_POSTGRES")?;
        let folder = tempfile::Builder::new().prefix("pg").tempdir().unwrap();
        let user = unprivileged();
        fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o755)).unwrap();
        if let Some((uid, gid)) = user {
            chown(folder.path(), Some(uid), Some(gid)).unwrap();
        }
        let server = Self { bin, folder, user };
        let data = server.folder().join("data");
        let init = ["-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-locale", "-N", "-D"];
        run(server.as_user("initdb").args(init).arg(&data));
        let options = format!("-F -c listen_addresses='' -k {}", server.folder().display());
        run(server.as_user("pg_ctl").args(["-w", "-l"]).arg(server.folder().join("log")).args([
            "-o",
            &options,
            "-D",
            data.to_str().unwrap(),
            "start",
        ]));
        Some(server)
    }

    pub(crate) fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Runs a script of psql, which ends at the first error, and returns its rows, a line each.
    #[track_caller]
    pub(crate) fn psql(&self, script: &str) -> String {
        let file = self.folder().join("script.sql");
        fs::write(&file, script).unwrap();
        let mut psql = Command::new(self.bin.join("psql"));
        psql.args([
            "-X",
            "-q",
            "-A",
            "-t",
            "-v",
            "ON_ERROR_STOP=1",
            "-U",
            "postgres",
            "-d",
            "postgres",
            "-h",
        ]);
        run(psql.arg(self.folder()).arg("-f").arg(file).env("PGCLIENTENCODING", "UTF8"))
    }

    /// A program of `PostgreSQL`, run as somebody else where we are root, which it refuses.
    fn as_user(&self, program: &str) -> Command {
        let mut command = Command::new(self.bin.join(program));
        if let Some((uid, gid)) = self.user {
            command.uid(uid).gid(gid);
        }
        command.current_dir(self.folder());
        command
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let mut stop = self.as_user("pg_ctl");
        stop.arg("-D").arg(self.folder().join("data")).args(["-m", "immediate", "stop"]);
        // The folder goes in any case.
        stop.output().ok();
    }
}

/// The user and group `postgres` or `nobody`, where we are root.
fn unprivileged() -> Option<(u32, u32)> {
    if fs::metadata("/proc/self").ok()?.uid() != 0 {
        return None;
    }
    let users = fs::read_to_string("/etc/passwd").unwrap();
    let ids = |name: &str| {
        let fields = users.lines().map(|it| it.split(':').collect::<Vec<_>>()).find(|it| it[0] == name)?;
        Some((fields[2].parse().ok()?, fields[3].parse().ok()?))
    };
    ids("postgres").or_else(|| ids("nobody"))
}

#[track_caller]
fn run(command: &mut Command) -> String {
    let output = command.output().unwrap_or_else(|err| panic!("{command:?}: {err}"));
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{command:?}: {stderr}");
    String::from_utf8(output.stdout).unwrap()
}
