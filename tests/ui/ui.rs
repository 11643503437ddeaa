//! What the compiler says of mistakes in compositions, word for word, on the toolchain that `rust-toolchain.toml` names.
//!
//! `TRYBUILD=overwrite cargo test -p ui-tests` writes the expected messages anew; read them as somebody who sees them for
//! the first time.

/// Every file in `cases/` is refused with the messages beside it; every one in `passes/` compiles without a warning.
#[test]
fn mistakes_are_named_with_the_way_out() {
    let tests = trybuild::TestCases::new();
    tests.pass("passes/*.rs");
    tests.compile_fail("cases/*.rs");
}
