//! What literals look like.

use super::*;

#[test]
fn an_entry_is_a_line_and_a_block_a_step() {
    let text = r#"
fn network(cx: &mut Cx<Network>) {
    let vpc = resource! (cx,vpc :VPC{
    metadata . labels:{ "app":"x" , "networks.example.org/id":parameters.id },
            spec.for_provider: {
      cidr_block:parameters.vpc_cidr_block, enable_dns_support: true,


      tags: (tags(parameters)), (key()): 1,
      ingress: [ {from_port:80},{ from_port: 443 } ], egress: [
  { from_port: 80 }, {
 from_port: 443 }], empty: {}, one: [{
   a: 1 }], refs: [&one, &two],
     long:
        "on the line of its name",
   },
   ..base
  });
    status!( cx,{ vpc_id :vpc.status.at_provider.id } );
    planewright::status!(cx, {
    });
}
"#;
    insta::assert_snapshot!(laid_out(text), @r#"

    fn network(cx: &mut Cx<Network>) {
        let vpc = resource!(cx, vpc: VPC {
            metadata.labels: { "app": "x", "networks.example.org/id": parameters.id },
            spec.for_provider: {
                cidr_block: parameters.vpc_cidr_block,
                enable_dns_support: true,

                tags: (tags(parameters)),
                (key()): 1,
                ingress: [{ from_port: 80 }, { from_port: 443 }],
                egress: [
                    { from_port: 80 },
                    {
                        from_port: 443
                    }
                ],
                empty: {},
                one: [{
                    a: 1
                }],
                refs: [&one, &two],
                long: "on the line of its name",
            },
            ..base
        });
        status!(cx, { vpc_id: vpc.status.at_provider.id });
        planewright::status!(cx, {});
    }
    "#);
}

#[test]
fn comments_stay_with_what_they_are_about() {
    let text = r##"
fn network(cx: &mut Cx<Network>) {
        resource!(cx, "subnet-{id}": ec2::Subnet { // the zone's

              // first


              // second
              a: 1,     // of a
              /* before b */ b: 2, /* of b */ // and this
              c: 3 /* before the comma */ ,
              d: 4 // before the comma
                ,
              /// documentation, kept to the last blank 
              /* several
                 lines */
              e /* odd */ : 5,
              f: /* odd */ 6,

              // before the last
              g: 7 // no comma

              // at the end
              /* of all */
        });
        resource!(cx, /* the key */
          key // c
          : Kind { a: 1 }, // end
        );
        status!(cx, { /* nothing yet */ });
        status!(cx, { // nothing yet
        });
}
"##;
    insta::assert_snapshot!(laid_out(text), @r#"

    fn network(cx: &mut Cx<Network>) {
            resource!(cx, "subnet-{id}": ec2::Subnet { // the zone's
                // first

                // second
                a: 1, // of a
                /* before b */ b: 2, /* of b */ // and this
                c: 3 /* before the comma */ ,
                d: 4 // before the comma
                  ,
                /// documentation, kept to the last blank 
                /* several
                   lines */
                e /* odd */ : 5,
                f: /* odd */ 6,

                // before the last
                g: 7 // no comma

                // at the end
                /* of all */
            });
            resource!(cx, /* the key */
              key // c
              : Kind { a: 1 }, // end
            );
            status!(cx, { /* nothing yet */ });
            status!(cx, { // nothing yet
            });
    }
    "#);
}

#[test]
fn values_keep_their_text_and_move_as_a_whole() {
    let text = r##"
fn network(cx: &mut Cx<Network>) {
  resource!(cx, bucket: Bucket {
   policy: document(|a| {
       let  odd = 1;

       text!("arn:{}/*",a.b,  c)
   }, "a
   string
"),
   raw: r#"
{ "a": 1 }
   "#, kind: match x {
       A => resource!(cx, a: B { c:1,
d: 2 }).name(),
       _ => text! { "x" }
   },
   generic: HashMap::<A, B>::new(), function: Vec::<fn(A) -> B>::new(), path: ::std::x, negative:-1
  });
}
"##;
    insta::assert_snapshot!(laid_out(text), @r##"

    fn network(cx: &mut Cx<Network>) {
      resource!(cx, bucket: Bucket {
          policy: document(|a| {
              let  odd = 1;

              text!("arn:{}/*", a.b, c)
          }, "a
       string
    "),
          raw: r#"
    { "a": 1 }
       "#,
          kind: match x {
              A => resource!(cx, a: B {
                  c: 1,
                  d: 2
              }).name(),
              _ => text! { "x" }
          },
          generic: HashMap::<A, B>::new(),
          function: Vec::<fn(A) -> B>::new(),
          path: ::std::x,
          negative: -1
      });
    }
    "##);
}

#[test]
fn what_was_on_one_line_stays_if_it_fits() {
    let text = "\
fn f() {
    let a = resource!(cx, a: B { spec: { abcdefgh: 1, ijklmnop: 2 } });
    let a = resource!(cx, a: B { spec: { abcdefgh: 1, ijklmnop: 22 } });
    let a = resource!(cx, a: B { spec: { abcdefgh: 1, ijklmnop: 222, abcdefghijklmnopqrstuv: 3 } });
    status!(cx, { a: text!(\"{}/{}\", abcdefghijklmn, opqrstuvwxyzab), b: 1 });
    let text = text!(\"{}/{}/{}\", abcdefghijklmn, opqrst, uv, wxyz);
    let text = text!(\"{}/{}/{}\", abcdefghijklmn, opqrst, uv, wxyz, abcde);
}
";
    let style = Style { max_width: 71, ..Style::default() };
    insta::assert_snapshot!(within(&style, text), @r#"
    fn f() {
        let a = resource!(cx, a: B { spec: { abcdefgh: 1, ijklmnop: 2 } });
        let a = resource!(cx, a: B {
            spec: { abcdefgh: 1, ijklmnop: 22 }
        });
        let a = resource!(cx, a: B {
            spec: { abcdefgh: 1, ijklmnop: 222, abcdefghijklmnopqrstuv: 3 }
        });
        status!(cx, {
            a: text!("{}/{}", abcdefghijklmn, opqrstuvwxyzab),
            b: 1
        });
        let text = text!("{}/{}/{}", abcdefghijklmn, opqrst, uv, wxyz);
        let text = text!(
            "{}/{}/{}",
            abcdefghijklmn,
            opqrst,
            uv,
            wxyz,
            abcde
        );
    }
    "#);
}

#[test]
fn a_value_too_long_for_the_line_of_its_name_goes_below_it_where_that_helps() {
    let text = "\
fn f() {
    resource!(cx, a: B {
        abcdefghijklmnop: parameters.qrstuvwx,
        abcdefghijklmnop: parameters.qrstuvwxy,
        abcdefghijklmnop:
            parameters.qrst,
        abcdefghijklmnop: parameters.qrstuvwxyzabcdefghijkl,
        abcdefghijklmnop: parameters.qrstuvwxyzabcdefghijklm,
    });
}
";
    let style = Style { max_width: 46, ..Style::default() };
    insta::assert_snapshot!(within(&style, text), @"
    fn f() {
        resource!(cx, a: B {
            abcdefghijklmnop: parameters.qrstuvwx,
            abcdefghijklmnop:
                parameters.qrstuvwxy,
            abcdefghijklmnop: parameters.qrst,
            abcdefghijklmnop:
                parameters.qrstuvwxyzabcdefghijkl,
            abcdefghijklmnop: parameters.qrstuvwxyzabcdefghijklm,
        });
    }
    ");
}

#[test]
fn arguments_of_text_stay_as_rustfmt_has_them() {
    let text = r#"
fn f() {
    let a = text!(
        "{}", a,
          b // last
    );
    let a = text!("{}-{}", a.map(|a| {
        a + 1
    }), text!("{}",b));
    let a = text!("{}
  {}",   a , b,);
    let a = text! {"{}", a};
}
"#;
    insta::assert_snapshot!(laid_out(text), @r#"

    fn f() {
        let a = text!(
            "{}",
            a,
            b // last
        );
        let a = text!("{}-{}", a.map(|a| {
            a + 1
        }), text!("{}", b));
        let a = text!("{}
      {}", a, b,);
        let a = text! { "{}", a };
    }
    "#);
}

#[test]
fn tabs_and_windows_line_ends_are_kept() {
    let style = Style { hard_tabs: true, ..Style::default() };
    let text = "fn f() {\r\n\tresource!(cx, a: B {\r\n a: { // c \r\nb: /* x\r\n y */ 1 } });\r\n}\r\n";
    insta::assert_debug_snapshot!(within(&style, text), @r#""fn f() {\r\n\tresource!(cx, a: B {\r\n\t\ta: { // c\r\n\t\t\tb: /* x\r\n\t\t\t y */ 1\r\n\t\t}\r\n\t});\r\n}\r\n""#);
}

#[test]
fn only_the_macros_of_planewright_are_touched() {
    let text = r##"#!/usr/bin/env program
//! `resource!(cx,a:B{})`
macro_rules! subnet {
    ($cx:expr) => { resource!($cx,a:B{}) };
}
#[rustfmt::skip]
/// Kept.
#[allow(unused)]
fn kept(cx: &mut Cx) { resource!(cx,a:B{}) }
fn f<'a>(cx: &'a mut Cx) {
    #[rustfmt::skip]
    let a = { resource!(cx,a:B{}) };
    let a = r#"resource!(cx,a:B{})"#; // resource!(cx,a:B{})
    /* resource!(cx,a:B{}) /* nested */ status!(cx,{}) */
    other::text!{a  :  b}; html::text! (a  ,b); self.resource != (a);
    let c = ['{', '\'', b'"' as char]; vec![resource!(cx,a:B{})];
}
mod kept {
    #![rustfmt::skip]
    fn f() { resource!(cx,a:B{}); }
}
fn g() { resource!(cx,a:B{}); }
"##;
    insta::assert_snapshot!(laid_out(text), @r##"
    #!/usr/bin/env program
    //! `resource!(cx,a:B{})`
    macro_rules! subnet {
        ($cx:expr) => { resource!($cx,a:B{}) };
    }
    #[rustfmt::skip]
    /// Kept.
    #[allow(unused)]
    fn kept(cx: &mut Cx) { resource!(cx,a:B{}) }
    fn f<'a>(cx: &'a mut Cx) {
        #[rustfmt::skip]
        let a = { resource!(cx,a:B{}) };
        let a = r#"resource!(cx,a:B{})"#; // resource!(cx,a:B{})
        /* resource!(cx,a:B{}) /* nested */ status!(cx,{}) */
        other::text!{a  :  b}; html::text! (a  ,b); self.resource != (a);
        let c = ['{', '\'', b'"' as char]; vec![resource!(cx, a: B {})];
    }
    mod kept {
        #![rustfmt::skip]
        fn f() { resource!(cx,a:B{}); }
    }
    fn g() { resource!(cx, a: B {}); }
    "##);
}

#[test]
fn a_macro_of_the_file_itself_is_none_of_planewright() {
    let text = "macro_rules! resource { ($a:tt) => {} }\nresource!{ a  b }\nstatus!(cx,{a:1});\n";
    insta::assert_snapshot!(laid_out(text), @"
    macro_rules! resource { ($a:tt) => {} }
    resource!{ a  b }
    status!(cx, { a: 1 });
    ");
}

#[test]
fn what_cannot_be_understood_is_left_alone_and_named() {
    let text = r#"
fn f() {
    resource!(cx,a:B{a  1});
    resource!(cx,a:B{a: 1,, b  :2});
    resource!(cx,a:B{ a :
       { b  c: 1 } });
    resource!(cx,a:B{ a b: 1 });
    resource!(cx,a:B{ a: });
    resource!(cx,B{});
    resource!(cx,a:B);
    resource!(cx,a:B{},  c);
    resource!(a:B{});
    resource!(  );
    status!(cx,B{});
    status!{  };
    status!(cx,{a:1});
    text!(a,,b);
}
"#;
    insta::assert_snapshot!(laid_out(text), @"

    fn f() {
        resource!(cx,a:B{a  1});
        resource!(cx,a:B{a: 1,, b  :2});
        resource!(cx,a:B{ a :
           { b  c: 1 } });
        resource!(cx,a:B{ a b: 1 });
        resource!(cx,a:B{ a: });
        resource!(cx,B{});
        resource!(cx,a:B);
        resource!(cx,a:B{},  c);
        resource!(a:B{});
        resource!(  );
        status!(cx,B{});
        status!{  };
        status!(cx, { a: 1 });
        text!(a,,b);
    }
    3: `resource!`: no `:` after the name of the field
    4: `resource!`: nothing stands before the comma
    6: `resource!`: neither a path of fields nor a string before the `:`
    7: `resource!`: neither a path of fields nor a string before the `:`
    8: `resource!`: no value after the `:`
    9: `resource!`: no `key: Type` after the first argument
    10: `resource!`: no braces around the fields
    11: `resource!`: something stands after the braces
    12: `resource!`: no comma after the first argument
    13: `resource!`: no comma after the first argument
    14: `status!`: something stands before the braces
    15: `status!`: no comma after the first argument
    17: `text!`: nothing stands before the comma
    ");
}

#[test]
fn what_is_no_rust_is_refused_with_its_place() {
    let told = |text: &str| format(text, &Style::default()).map(|_| ()).unwrap_err().of("src/network.rs");
    let of = |texts: &[&str]| {
        texts.iter().map(|text| told(text).lines().next().unwrap_or_default().to_owned()).collect::<Vec<_>>()
    };
    insta::assert_snapshot!(told("fn f() {\n    g(;\n}\n"), @"
    error: src/network.rs:3:1: this is not Rust, so the file is left as it is
     = help: close the bracket, string or comment that is open here; `cargo check` says more
    ");
    insta::assert_debug_snapshot!(of(&["a\n  \"b", "/* /* */", "#!/bin/x é\n'", "\u{feff}}", "\u{feff}\u{feff}a"]), @r#"
    [
        "error: src/network.rs:2:3: this is not Rust, so the file is left as it is",
        "error: src/network.rs:1:1: this is not Rust, so the file is left as it is",
        "error: src/network.rs:2:1: this is not Rust, so the file is left as it is",
        "error: src/network.rs:1:2: this is not Rust, so the file is left as it is",
        "error: src/network.rs:1:2: this is not Rust, so the file is left as it is",
    ]
    "#);
}

#[test]
fn too_many_brackets_are_left_alone_before_the_stack_ends() {
    let nested = [("a: {", "}"), ("a: [{", "}]"), ("a: resource!(cx, a: B {", "})"), ("a: f(|| text!(\"\", ", "))")];
    for (open, close) in nested {
        let alone = |depth: usize| {
            let text = format!("resource!(cx, a: B {{ {}{} }})", open.repeat(depth), close.repeat(depth));
            format(&text, &Style::default()).unwrap().left_alone
        };
        assert!(alone(20).is_empty(), "{open}");
        assert_eq!(alone(2000)[0].reason, "too many brackets in one another", "{open}");
    }
}

#[test]
fn code_that_would_change_is_noticed() {
    let same = |before, after| same::is_same(&Source::read(before).unwrap(), &Source::read(after).unwrap());
    assert!(same("a:-1,b", "a: -1 ,\n b"));
    assert!(same("/* a\n  b */ // c", "/* a\nb */\n// c"));
    for (before, after) in [
        ("a :: b", "a : : b"),
        ("a..b", "a. .b"),
        ("a->b", "a - > b"),
        ("a&&b", "a& &b"),
        ("a, b", "a b"),
        ("a // b", "a"),
        ("\"a\nb\"", "\"a\n b\""),
        ("/// a ", "/// a"),
        ("/** a\n b */", "/** a\nb */"),
        ("/* a b */", "/* a  b */"),
    ] {
        assert!(!same(before, after), "{before}");
    }
}
