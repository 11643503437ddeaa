//! What literals look like.

use super::*;

#[test]
fn deep_nesting_is_left_alone_before_the_stack_ends() {
    for (open, close) in [("a: {", "}"), ("a: [{", "}]"), ("a: resource!(cx, a: B {", "})"), ("a: f(|| text!(\"\", ", "))"), ("(", ")")] {
        for depth in [30, 60, 100, 1000] {
            let text = format!("resource!(cx, a: B {{ {} {} }})", open.repeat(depth), close.repeat(depth));
            let formatted = format(&text, &Style::default()).unwrap();
            eprintln!("{depth} {open} {:?}", formatted.left_alone);
        }
    }
}
