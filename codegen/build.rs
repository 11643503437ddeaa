//! Fingerprints the generator, so that what another one wrote is written anew even where no schema changed.

use std::path::{Path, PathBuf};
use std::{env, fs};

fn main() {
    let here = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").unwrap_or_default());
    let mut hash = Fnv(0xcbf2_9ce4_8422_2325);
    // The crate that schemas are read by stands beside this one in the workspace; elsewhere its version stands for it.
    for folder in [here.join("src"), here.join("../definitions/src")] {
        println!("cargo::rerun-if-changed={}", folder.display());
        add(&folder, &mut hash);
    }
    println!("cargo::rustc-env=PLANEWRIGHT_GENERATOR={:016x}", hash.0);
}

fn add(folder: &Path, hash: &mut Fnv) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    let mut paths: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
    paths.sort();
    for path in paths {
        if path.is_dir() {
            add(&path, hash);
        } else {
            hash.add(path.file_name().unwrap_or_default().as_encoded_bytes());
            hash.add(&fs::read(&path).unwrap_or_default());
        }
    }
}

/// FNV-1a: the same on every machine and in every version of Rust.
struct Fnv(u64);

impl Fnv {
    fn add(&mut self, bytes: &[u8]) {
        for byte in bytes.iter().chain(&[0]) {
            self.0 = (self.0 ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }
}
