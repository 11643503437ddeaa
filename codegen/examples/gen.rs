//! x
fn main() {
    let a: Vec<String> = std::env::args().skip(1).collect();
    let t = std::time::Instant::now();
    let mut c = planewright_codegen::configure()
        .docs(planewright_codegen::Docs::None)
        .out_dir(&a[0])
        .pretty(a.get(2).is_some_and(|x| x == "pretty"));
    for s in a.iter().skip(3) {
        c = c.select(s);
    }
    let r = c.generate(&[&a[1]], &[] as &[&str]).unwrap();
    eprintln!("{} kinds {} changed {} warnings {:?}", r.kinds, r.changed, r.warnings.len(), t.elapsed());
    for w in r.warnings.iter().take(10) {
        eprintln!("{w}");
    }
}
