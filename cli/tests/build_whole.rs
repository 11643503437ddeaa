//! `planewright build`: all of a build is written, or nothing of it.

#![cfg(unix)]
#![allow(clippy::unwrap_used, reason = "a test")]

mod support;

use std::collections::BTreeMap;

use support::Place;
use support::emission::{EMISSION, elf, platform, script};

const ALL: &str = "build --platform platform --out out --binary linux/amd64=amd64 --binary linux/arm64=arm64";

/// The files of a build and what is in them, without what links lead to.
fn contents(place: &Place) -> BTreeMap<std::path::PathBuf, Vec<u8>> {
    let mut folders = vec![place.path("out")];
    let mut contents = BTreeMap::new();
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let entry = entry.unwrap();
            let kind = entry.file_type().unwrap();
            if kind.is_dir() {
                folders.push(entry.path());
            }
            let bytes = if kind.is_file() { std::fs::read(entry.path()).unwrap() } else { Vec::new() };
            contents.insert(entry.path(), bytes);
        }
    }
    contents
}

#[test]
fn a_folder_that_cannot_be_written_to_is_left_as_it_was() {
    let place = platform(EMISSION);
    place.done(ALL);
    place.write(
        "emission.json",
        &EMISSION.replace("Pipeline", "Other").replace("cluster/function.yaml", "cluster/new/function.yaml"),
    );
    // Where a folder belongs there is a file, which nobody can write into, whatever they may.
    place.write("out/cluster/new", "mine");
    let before = contents(&place);
    let ran = place.run(ALL);
    assert_eq!(ran.code, 1, "{}", ran.err);
    let told = "error: what is at out/cluster/new/function.yaml cannot be replaced\n = help: move away what is there, or write to another folder\n";
    assert!(ran.err.starts_with(told), "{}", ran.err);
    assert_eq!((contents(&place), place.read("out/cluster/new")), (before, "mine".to_owned()));
    // The folder itself is one.
    place.write("file", "mine");
    let ran = place.run("build --platform platform --out file");
    assert_eq!((ran.code, place.read("file")), (1, "mine".to_owned()), "{}", ran.err);
    let told =
        "error: what is at file/apis/shops/composition.yaml cannot be replaced\n = help: move away what is there,";
    assert!(ran.err.starts_with(told), "{}", ran.err);
    // It is one in which nobody can make a file, whatever they may do elsewhere.
    let ran = place.run("build --platform platform --out /dev/fd");
    let told = "error: nothing can be written to /dev/fd, so all is as it was\n = help: let it be a folder that you may write to,";
    assert!(ran.code == 1 && ran.err.starts_with(told), "{}", ran.err);
}

/// Packages and the objects that describe them are of the same build, whichever of them cannot be written.
#[test]
fn a_part_that_cannot_be_written_keeps_all_others_as_they_were() {
    use std::os::unix::fs::{MetadataExt as _, symlink};
    let place = platform(EMISSION);
    place.done(ALL);
    place.write(
        "emission.json",
        &EMISSION.replace("Pipeline", "Other").replace(r#""name": "shops"}}}"#, r#""name": "stalls"}}}"#),
    );
    std::fs::write(place.path("amd64"), [elf(62, 1), vec![0]].concat()).unwrap();
    let device = |path: &str| std::fs::metadata(path).map(|found| found.dev()).ok();
    // Nobody can make a file among those that are open, whatever they may do elsewhere; and nothing is renamed from one file system to another.
    let other = (device("/dev/shm").is_some() && device("/dev/shm") != device(place.path("").to_str().unwrap()))
        .then(|| tempfile::tempdir_in("/dev/shm").unwrap());
    let elsewhere = other.as_ref().map(|folder| folder.path().to_str().unwrap());
    for (part, target) in ["apis", "cluster", "packages"]
        .into_iter()
        .flat_map(|part| ["/dev/fd"].into_iter().chain(elsewhere).map(move |target| (part, target)))
    {
        let at = place.path("out").join(part);
        std::fs::rename(&at, place.path("kept")).unwrap();
        symlink(target, &at).unwrap();
        let before = contents(&place);
        let ran = place.run(ALL);
        assert_eq!(ran.code, 1, "{part} in {target}: {}", ran.err);
        let told = format!("error: nothing can be written to out/{part}");
        assert!(ran.err.starts_with(&told) && ran.err.contains("\n = help: let it be a folder"), "{}", ran.err);
        assert!(contents(&place) == before, "{part} in {target}");
        std::fs::remove_file(&at).unwrap();
        std::fs::rename(place.path("kept"), at).unwrap();
    }
    assert!(other.is_none_or(|folder| std::fs::read_dir(folder.path()).unwrap().next().is_none()));
    // A folder where a file belongs.
    for file in ["out/packages/shops.xpkg", "out/packages/function-shops-linux-amd64.xpkg", "out/cluster/function.yaml"]
    {
        std::fs::rename(place.path(file), place.path("kept")).unwrap();
        place.write(&format!("{file}/mine"), "mine");
        let before = contents(&place);
        let ran = place.run(ALL);
        assert_eq!(ran.code, 1, "{file}: {}", ran.err);
        assert!(
            ran.err.starts_with(&format!("error: what is at {file} cannot be replaced\n = help: move")),
            "{}",
            ran.err
        );
        assert!(contents(&place) == before, "{file}");
        std::fs::remove_dir_all(place.path(file)).unwrap();
        std::fs::rename(place.path("kept"), place.path(file)).unwrap();
    }
    let before = contents(&place);
    place.done(ALL);
    let after = contents(&place);
    let changed: Vec<&str> = after
        .iter()
        .filter(|(path, bytes)| before.get(*path) != Some(*bytes))
        .filter_map(|(path, _)| path.file_name()?.to_str())
        .collect();
    assert_eq!(
        changed,
        ["composition.yaml", "function.yaml", "crossplane.yaml", "function-shops-linux-amd64.xpkg", "shops.xpkg"],
        "each of those would have been written"
    );
}

/// A file that may not be overwritten is found before a package is.
#[test]
fn a_file_of_somebody_else_keeps_the_packages_as_they_were() {
    let place = platform(EMISSION);
    place.done(ALL);
    let package = || std::fs::read(place.path("out/packages/shops.xpkg")).unwrap();
    let before = package();
    place.write("emission.json", &EMISSION.replace("Pipeline", "Other"));
    place.write("out/cluster/function.yaml", "kind: Mine\n");
    let ran = place.run(ALL);
    assert_eq!(ran.code, 2, "{}", ran.err);
    assert!(ran.err.contains("this file was not generated"), "{}", ran.err);
    assert!(package() == before);
    assert_eq!(place.read("out/cluster/function.yaml"), "kind: Mine\n");
}

/// As Crossplane's own command line writes it, or Docker.
#[test]
fn a_package_of_somebody_else_is_not_replaced() {
    let place = platform(EMISSION);
    let config = br#"{"history": [{"created_by": "others"}], "rootfs": {"diff_ids": []}}"#;
    let name = format!("sha256:{}", support::registry::digest(config).trim_start_matches("sha256:"));
    let manifest =
        serde_json::json!([{"Config": name, "RepoTags": ["registry.example.org/acme/shops:v1"], "Layers": []}]);
    let mut archive = tar::Builder::new(Vec::new());
    for (name, bytes) in [(&*name, &config[..]), ("manifest.json", manifest.to_string().as_bytes())] {
        let mut header = tar::Header::new_gnu();
        header.set_size(bytes.len() as u64);
        archive.append_data(&mut header, name, bytes).unwrap();
    }
    let archive = archive.into_inner().unwrap();
    std::fs::create_dir_all(place.path("out/packages")).unwrap();
    std::fs::write(place.path("out/packages/shops.xpkg"), &archive).unwrap();
    let before = contents(&place);
    insta::assert_snapshot!(place.run(ALL).told(), @"
    exit 2
    error: out/packages/shops.xpkg: planewright did not make this package
     = help: move it away, or write to another folder: only packages of planewright are replaced
    ");
    assert!(contents(&place) == before);
    std::fs::rename(place.path("out/packages/shops.xpkg"), place.path("out/packages/mine.xpkg")).unwrap();
    place.done(ALL);
    assert!(std::fs::read(place.path("out/packages/mine.xpkg")).unwrap() == archive);
}

/// As where the disk is full: the files that the build has written are there, and the next one is cut off.
#[test]
fn a_build_that_cannot_write_all_of_a_package_leaves_the_old_one() {
    let place = platform(EMISSION);
    place.done(ALL);
    let contents = |path: &str| std::fs::read(place.path(path)).unwrap();
    let (package, composition) = ("out/packages/shops.xpkg", "out/apis/shops/composition.yaml");
    let before = (contents(package), contents(composition));
    place.write("emission.json", &EMISSION.replace("Pipeline", "Other"));
    // No file can have more than 1 KiB; a package has.
    let line = format!("ulimit -f 2; trap '' XFSZ; exec {} {ALL}", env!("CARGO_BIN_EXE_planewright"));
    script(&place, "limited", &line);
    let ran = place.run_program(place.path("limited").to_str().unwrap(), "");
    assert_eq!(ran.code, 1, "{}", ran.err);
    assert!(ran.err.contains("shops"), "{}", ran.err);
    assert!((contents(package), contents(composition)) == before);
    let left = std::fs::read_dir(place.path("out")).unwrap().map(|entry| entry.unwrap().file_name());
    assert!(left.into_iter().all(|name| !name.to_string_lossy().starts_with('.')), "the stage is gone");
    place.done(ALL);
    assert!((contents(package), contents(composition)) != before);
}
