use super::{ImportedFile, ImportedTable};

/// How a file is written, as far as it was recognised. What its format does not have is `None`.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Form {
    /// `gzip`, `zstd`, `zip`.
    pub packer: Option<String>,
    /// Of a file that is text: `UTF-8`.
    pub encoding: Option<String>,
    /// What parts the fields of a record.
    pub delimiter: Option<u8>,
    /// Whether its columns are named.
    pub has_header: Option<bool>,
}

/// The columns of a table of a file: of those that are read of such a table, how many the file has.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct ColumnCount {
    pub n_found: usize,
    pub n_read: usize,
}

/// `CSV · gzip · UTF-8 · comma · header · 8 of 8 columns`.
pub(super) fn in_words(file: &ImportedFile) -> String {
    let Form { packer, encoding, delimiter, has_header } = &file.form;
    let Some(table) = file.tables.first() else { return String::new() };
    let mut words = vec![table.format.clone()];
    words.extend(packer.clone());
    words.extend(encoding.clone());
    // The names of the others say it.
    words.extend(delimiter.filter(|_| table.format == "CSV").map(delimiter_name));
    words.extend(has_header.map(|it| if it { "header" } else { "no header" }.to_owned()));
    if let [table] = file.tables.as_slice() {
        words.extend(columns(table));
    }
    words.join(" · ")
}

/// `8 of 8 columns`, where a table was recognised.
pub(super) fn columns(table: &ImportedTable) -> Option<String> {
    let ColumnCount { n_found, n_read } = table.columns;
    (n_read > 0).then(|| format!("{n_found} of {n_read} columns"))
}

fn delimiter_name(delimiter: u8) -> String {
    match delimiter {
        b',' => "comma".to_owned(),
        b';' => "semicolon".to_owned(),
        b'|' => "vertical bar".to_owned(),
        b':' => "colon".to_owned(),
        b' ' => "blank".to_owned(),
        other => format!("delimiter {}", char::from(other).escape_debug()),
    }
}
