//! Archives.

use std::io::Write as _;

const IN_MEMORY: &str = "there is room in memory";

pub(in crate::import) fn gzip(content: impl AsRef<[u8]>) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    encoder.write_all(content.as_ref()).expect(IN_MEMORY);
    encoder.finish().expect(IN_MEMORY)
}

pub(in crate::import) fn zstd(content: impl AsRef<[u8]>) -> Vec<u8> {
    let mut encoder = zstd::stream::Encoder::new(Vec::new(), 3).expect(IN_MEMORY);
    encoder.include_checksum(true).expect(IN_MEMORY);
    encoder.write_all(content.as_ref()).expect(IN_MEMORY);
    encoder.finish().expect(IN_MEMORY)
}

/// Files, and folders by a slash at the end of their names.
pub(in crate::import) fn zip<T: AsRef<[u8]>>(
    files: &[(&str, T)],
    method: rawzip::CompressionMethod,
) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut archive = rawzip::ZipArchiveWriter::new(&mut bytes);
    for (name, content) in files {
        if name.ends_with('/') {
            archive.new_dir(name).create().expect(IN_MEMORY);
            continue;
        }
        let file = archive.new_file(name).compression_method(method);
        let (mut entry, config) = file.start().expect(IN_MEMORY);
        let descriptor = if method == rawzip::CompressionMethod::DEFLATE {
            let encoder = flate2::write::DeflateEncoder::new(&mut entry, flate2::Compression::fast());
            let mut writer = config.wrap(encoder);
            writer.write_all(content.as_ref()).expect(IN_MEMORY);
            let (encoder, descriptor) = writer.finish().expect(IN_MEMORY);
            encoder.finish().expect(IN_MEMORY);
            descriptor
        } else {
            let mut writer = config.wrap(&mut entry);
            writer.write_all(content.as_ref()).expect(IN_MEMORY);
            writer.finish().expect(IN_MEMORY).1
        };
        entry.finish(descriptor).expect(IN_MEMORY);
    }
    archive.finish().expect(IN_MEMORY);
    bytes
}
