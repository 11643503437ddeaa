//! The corpus of the fuzz target (`fuzz/`): requests that it searched from, and every one that it once found a fault with. What is
//! promised of requests holds for each, and for what becomes of them when they are cut, repeated and mixed.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

#[path = "../../fuzz/promises.rs"]
mod promises;

use std::path::Path;

use proptest::prelude::*;
use proptest::sample::{Index, select};

/// The requests, in an order that does not change.
fn corpus() -> Vec<Vec<u8>> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let folders = [root.join("../fuzz/corpus/request"), root.join("tests/recorded")];
    let mut files: Vec<_> =
        folders.iter().flat_map(|folder| std::fs::read_dir(folder).unwrap()).map(|file| file.unwrap().path()).collect();
    files.retain(|file| file.extension().is_none_or(|suffix| suffix == "bin"));
    files.sort();
    files.into_iter().map(|file| std::fs::read(file).unwrap()).collect()
}

#[test]
fn the_corpus_is_answered_or_refused() {
    let corpus = corpus();
    assert!(corpus.len() > 100, "requests are missing");
    for request in corpus {
        promises::hold(&request);
    }
}

/// What happens to a request.
#[derive(Clone, Debug)]
enum Change {
    Replace(Index, u8),
    Insert(Index, u8),
    Remove(Index, usize),
    /// A part of another request, put there.
    Mix(Index, Vec<u8>, Index, usize),
    /// A part of itself, once more.
    Repeat(Index, usize),
}

fn change() -> impl Strategy<Value = Change> {
    let at = any::<Index>;
    prop_oneof![
        (at(), any::<u8>()).prop_map(|(at, byte)| Change::Replace(at, byte)),
        (at(), any::<u8>()).prop_map(|(at, byte)| Change::Insert(at, byte)),
        (at(), 1..64_usize).prop_map(|(at, length)| Change::Remove(at, length)),
        (at(), select(corpus()), at(), 1..256_usize)
            .prop_map(|(at, other, from, length)| Change::Mix(at, other, from, length)),
        (at(), 1..256_usize).prop_map(|(at, length)| Change::Repeat(at, length)),
    ]
}

/// The part of some bytes that begins somewhere and has at most this length.
fn part(bytes: &[u8], at: Index, length: usize) -> std::ops::Range<usize> {
    let start = at.index(bytes.len() + 1);
    start..bytes.len().min(start + length)
}

impl Change {
    fn apply(&self, bytes: &mut Vec<u8>) {
        match self {
            Change::Replace(at, byte) => {
                let place = part(bytes, *at, 1);
                bytes[place].fill(*byte);
            }
            Change::Insert(at, byte) => bytes.insert(part(bytes, *at, 0).start, *byte),
            Change::Remove(at, length) => drop(bytes.drain(part(bytes, *at, *length))),
            Change::Mix(at, other, from, length) => {
                let place = part(bytes, *at, 0);
                bytes.splice(place, other[part(other, *from, *length)].iter().copied());
            }
            Change::Repeat(at, length) => {
                let place = part(bytes, *at, *length);
                let again = bytes[place.clone()].to_vec();
                bytes.splice(place.end..place.end, again);
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_change_breaks_a_promise(mut request in select(corpus()), changes in prop::collection::vec(change(), 1..6)) {
        for change in &changes {
            change.apply(&mut request);
        }
        promises::hold(&request);
    }
}
