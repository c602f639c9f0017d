#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| creditscope_fuzz::import::laws::any_postgres(bytes));
