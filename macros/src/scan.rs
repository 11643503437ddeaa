//! What a composition's body shows of its keys: the same key twice, a key that is looked up and never declared, a loop
//! that declares the same key in every round.
//!
//! Functions that the body calls with its context may declare keys too, so there the last word is a run's.

use proc_macro2::{Span, TokenStream, TokenTree};
use syn::visit::{self, Visit};
use syn::{
    Block, Expr, ExprClosure, ExprForLoop, ExprIf, ExprMatch, ExprMethodCall, ExprWhile, Ident, ItemFn, Macro, Pat,
};

use crate::composition::context;
use crate::diagnose::Faults;
use crate::key::Piece;
use crate::parse;
use crate::tree::Key;

/// What a run says of the same mistake: `planewright::compose` has the same words.
pub(crate) fn declared_twice(key: &str) -> String {
    format!(
        "composed resource {key:?}: it is declared twice; every composed resource needs a key of its own, made of what tells \
         it apart from the others, and the same in every run"
    )
}

/// As [`declared_twice`].
pub(crate) fn never_declared(key: &str) -> String {
    format!(
        "composed resource {key:?} is read but never declared, so it would never be known; declare it, or correct the key"
    )
}

/// Looks through a composition.
pub(crate) fn scan(function: &ItemFn, faults: &mut Faults) {
    let Some(cx) = context(function) else { return };
    let mut scan = Scan {
        cx,
        faults,
        declared: Vec::new(),
        patterns: Vec::new(),
        looked_up: Vec::new(),
        elsewhere: false,
        rounds: Vec::new(),
    };
    scan.visit_block(&function.block);
    let Scan { faults, declared, patterns, looked_up, elsewhere, .. } = scan;
    if elsewhere {
        return;
    }
    for (key, span) in looked_up {
        let known = declared.iter().any(|declared| declared.key == key)
            || patterns.iter().any(|pattern| matches(pattern, &key));
        if !known {
            faults.add(span, never_declared(&key));
        }
    }
}

struct Scan<'a> {
    cx: &'a Ident,
    faults: &'a mut Faults,
    /// Keys without captures, as declared on the way to here.
    declared: Vec<Declared>,
    /// Keys with captures.
    patterns: Vec<Vec<Piece>>,
    looked_up: Vec<(String, Span)>,
    /// Whether keys may be declared where this does not look.
    elsewhere: bool,
    /// What the loops around bind in every round: the names, and which of them count positions.
    rounds: Vec<Round>,
}

#[derive(Clone)]
struct Declared {
    key: String,
}

#[derive(Default)]
struct Round {
    positions: Vec<String>,
}

impl<'ast> Visit<'ast> for Scan<'_> {
    fn visit_macro(&mut self, node: &'ast Macro) {
        let Some(name) = node.path.segments.last() else { return };
        if name.ident == "resource" {
            let (resource, _) = parse::resource(node.tokens.clone());
            self.declare(&resource.key);
            // Literals may stand in the values of others.
            self.nested(node.tokens.clone(), true);
        } else {
            self.nested(node.tokens.clone(), false);
        }
    }

    fn visit_expr_method_call(&mut self, node: &'ast ExprMethodCall) {
        visit::visit_expr_method_call(self, node);
        let on_context = matches!(&*node.receiver, Expr::Path(path) if path.path.is_ident(self.cx));
        if !on_context {
            self.mentions(&node.args);
            return;
        }
        let method = node.method.to_string();
        let key = node.args.first();
        match (method.as_str(), key) {
            ("handle", Some(key)) => {
                if let Some((key, span)) = text(key) {
                    self.looked_up.push((key, span));
                }
            }
            ("resource" | "draft", Some(key)) => match text(key) {
                Some((key, span)) => self.key(&[Piece::Text(key)], span),
                None => self.elsewhere = true,
            },
            _ => {}
        }
    }

    fn visit_expr_call(&mut self, node: &'ast syn::ExprCall) {
        visit::visit_expr_call(self, node);
        self.mentions(&node.args);
    }

    fn visit_expr_if(&mut self, node: &'ast ExprIf) {
        self.visit_expr(&node.cond);
        let otherwise = node.else_branch.as_ref().map(|(_, branch)| &**branch);
        let mut branches: Vec<Branch<'_>> = vec![Branch::Block(&node.then_branch)];
        branches.extend(otherwise.map(Branch::Expr));
        self.branches(branches);
    }

    fn visit_expr_match(&mut self, node: &'ast ExprMatch) {
        self.visit_expr(&node.expr);
        self.branches(node.arms.iter().map(|arm| Branch::Expr(&arm.body)).collect());
    }

    fn visit_expr_for_loop(&mut self, node: &'ast ExprForLoop) {
        self.visit_expr(&node.expr);
        let positions = positions(&node.pat, &node.expr);
        self.round(Round { positions }, |scan| scan.visit_block(&node.body));
    }

    fn visit_expr_while(&mut self, node: &'ast ExprWhile) {
        self.visit_expr(&node.cond);
        self.round(Round::default(), |scan| scan.visit_block(&node.body));
    }

    fn visit_expr_loop(&mut self, node: &'ast syn::ExprLoop) {
        self.round(Round::default(), |scan| scan.visit_block(&node.body));
    }

    fn visit_expr_closure(&mut self, node: &'ast ExprClosure) {
        // Most closures run once for each item; one that runs once may have its resource outside of it.
        self.round(Round::default(), |scan| scan.visit_expr(&node.body));
    }

    // What other items do is their own.
    fn visit_item(&mut self, _: &'ast syn::Item) {}
}

enum Branch<'a> {
    Block(&'a Block),
    Expr(&'a Expr),
}

impl Branch<'_> {
    /// Whether what comes after is not reached from here.
    fn leaves(&self) -> bool {
        let leaves = |expr: &Expr| matches!(expr, Expr::Return(_) | Expr::Continue(_) | Expr::Break(_));
        let ends = |block: &Block| {
            block.stmts.last().is_some_and(|last| matches!(last, syn::Stmt::Expr(expr, _) if leaves(expr)))
        };
        match self {
            Branch::Block(block) => ends(block),
            Branch::Expr(Expr::Block(block)) => ends(&block.block),
            Branch::Expr(expr) => leaves(expr),
        }
    }
}

impl Scan<'_> {
    /// Of branches only one is taken, so each may declare what the others do.
    fn branches(&mut self, branches: Vec<Branch<'_>>) {
        let before = self.declared.clone();
        let mut after = before.clone();
        for branch in branches {
            self.declared.clone_from(&before);
            match branch {
                Branch::Block(block) => self.visit_block(block),
                Branch::Expr(expr) => self.visit_expr(expr),
            }
            let new = self.declared.split_off(before.len().min(self.declared.len()));
            if !branch.leaves() {
                after.extend(new);
            }
        }
        self.declared = after;
    }

    fn round(&mut self, round: Round, body: impl FnOnce(&mut Self)) {
        self.rounds.push(round);
        body(self);
        self.rounds.pop();
    }

    fn declare(&mut self, key: &Key) {
        let span = match key {
            Key::Name(name) => name.span(),
            Key::Text(text) => text.span(),
            Key::Expression(_) | Key::Missing => {
                self.elsewhere = true;
                return;
            }
        };
        if let Some(pieces) = key.pieces() {
            self.key(&pieces, span);
        }
    }

    fn key(&mut self, pieces: &[Piece], span: Span) {
        let captures: Vec<&str> = pieces
            .iter()
            .filter_map(|piece| match piece {
                Piece::Value(name) => Some(name.as_str()),
                Piece::Text(_) => None,
            })
            .collect();
        if !captures.is_empty() {
            let counts = |name: &&str| self.rounds.iter().any(|round| round.positions.iter().any(|p| p == name));
            if captures.iter().all(counts) {
                self.faults.add(
                    span,
                    "this key counts positions: when an item is removed, those after it change keys, and Crossplane deletes \
                     and creates them anew. Make the key of what tells the items apart, such as a name in them; if \
                     positions are what tells them apart, write the key as an expression in parentheses",
                );
            }
            self.patterns.push(pieces.to_vec());
            return;
        }
        let text: String = pieces
            .iter()
            .map(|piece| match piece {
                Piece::Text(text) | Piece::Value(text) => text.as_str(),
            })
            .collect();
        if !self.rounds.is_empty() {
            self.faults.add(
                span,
                format!(
                    "a loop without a stable key: every round declares {text:?}. Make the key of what tells the items \
                     apart: \"{text}-{{name}}\""
                ),
            );
        } else if self.declared.iter().any(|declared| declared.key == text) {
            self.faults.add(span, declared_twice(&text));
        }
        self.declared.push(Declared { key: text });
    }

    /// Arguments that hand the context on.
    fn mentions<'a>(&mut self, arguments: impl IntoIterator<Item = &'a Expr>) {
        for argument in arguments {
            let argument = match argument {
                Expr::Reference(reference) => &*reference.expr,
                argument => argument,
            };
            let argument = match argument {
                Expr::Unary(unary) => &*unary.expr,
                argument => argument,
            };
            self.elsewhere |= matches!(argument, Expr::Path(path) if path.path.is_ident(self.cx));
        }
    }

    /// Literals within the tokens of a macro, whose grammar is its own.
    fn nested(&mut self, tokens: TokenStream, known: bool) {
        let tokens: Vec<TokenTree> = tokens.into_iter().collect();
        for (at, tree) in tokens.iter().enumerate() {
            let TokenTree::Group(group) = tree else { continue };
            let is_literal = at >= 2
                && matches!(&tokens[at - 1], TokenTree::Punct(bang) if bang.as_char() == '!')
                && matches!(&tokens[at - 2], TokenTree::Ident(name) if name == "resource");
            if is_literal {
                let (resource, _) = parse::resource(group.stream());
                self.declare(&resource.key);
            }
            self.nested(group.stream(), known);
        }
        // Another macro may hand the context on.
        let cx = self.cx;
        self.elsewhere |= !known && tokens.iter().any(|tree| matches!(tree, TokenTree::Ident(name) if name == cx));
    }
}

/// The names that a loop's pattern gives to positions: `for (i, _) in items.iter().enumerate()`.
fn positions(pattern: &Pat, over: &Expr) -> Vec<String> {
    let counted = matches!(over, Expr::MethodCall(call) if call.method == "enumerate");
    match pattern {
        Pat::Tuple(tuple) if counted => match tuple.elems.first() {
            Some(Pat::Ident(name)) => vec![name.ident.to_string()],
            _ => Vec::new(),
        },
        _ => Vec::new(),
    }
}

/// Whether a key with captures may be this one.
fn matches(pattern: &[Piece], key: &str) -> bool {
    match pattern.split_first() {
        None => key.is_empty(),
        Some((Piece::Text(text), rest)) => key.strip_prefix(text.as_str()).is_some_and(|key| matches(rest, key)),
        Some((Piece::Value(_), rest)) => {
            (0..=key.len()).filter(|at| key.is_char_boundary(*at)).any(|at| matches(rest, key.split_at(at).1))
        }
    }
}

/// A string literal.
fn text(expr: &Expr) -> Option<(String, Span)> {
    match expr {
        Expr::Lit(literal) => match &literal.lit {
            syn::Lit::Str(text) => Some((text.value(), text.span())),
            _ => None,
        },
        Expr::Reference(reference) => text(&reference.expr),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(body: &str) -> Vec<String> {
        let function = format!("fn f(cx: &mut Cx<Network>) -> Result<()> {{ {body} }}");
        let function: ItemFn = syn::parse_str(&function).expect("a function");
        let mut faults = Faults::default();
        scan(&function, &mut faults);
        faults.messages().into_iter().map(str::to_owned).collect()
    }

    #[test]
    fn finds_a_key_that_is_declared_twice() {
        let twice = [declared_twice("vpc")];
        assert_eq!(found(r#"resource!(cx, vpc: VPC {}); resource!(cx, "vpc": VPC {});"#), twice);
        assert_eq!(found(r#"resource!(cx, vpc: VPC {}); if x { resource!(cx, vpc: VPC {}); }"#), twice);
        assert_eq!(found(r#"cx.resource("vpc", a); cx.draft::<VPC>("vpc");"#), twice);
        assert_eq!(found(r#"let all = vec![resource!(cx, vpc: VPC {}), resource!(cx, vpc: VPC {})];"#), twice);
    }

    #[test]
    fn lets_branches_declare_the_same_key() {
        let none: [String; 0] = [];
        assert_eq!(found("if x { resource!(cx, vpc: A {}); } else { resource!(cx, vpc: A {}); }"), none);
        assert_eq!(found("match x { A => resource!(cx, vpc: A {}), B => resource!(cx, vpc: A {}) };"), none);
        assert_eq!(found("if x { resource!(cx, vpc: A {}); return Ok(()); } resource!(cx, vpc: A {});"), none);
    }

    #[test]
    fn finds_a_loop_that_declares_one_key() {
        for body in [
            "for s in subnets { resource!(cx, subnet: Subnet {}); }",
            "while x { resource!(cx, subnet: Subnet {}); }",
            "loop { resource!(cx, \"subnet\": Subnet {}); }",
            "subnets.iter().for_each(|s| { resource!(cx, subnet: Subnet {}); });",
        ] {
            assert_eq!(found(body).len(), 1, "{body}");
        }
        assert_eq!(found("for s in subnets { let z = &s.zone; resource!(cx, \"subnet-{z}\": Subnet {}); }").len(), 0);
        assert_eq!(found("for (i, s) in subnets.iter().enumerate() { resource!(cx, \"s-{i}\": Subnet {}); }").len(), 1);
        assert_eq!(found("for (i, s) in x.iter().enumerate() { resource!(cx, \"s-{i}-{z}\": Subnet {}); }").len(), 0);
        assert_eq!(found("for i in 0..count { resource!(cx, \"node-{i}\": Node {}); }").len(), 0);
        assert_eq!(found("for s in x { resource!(cx, (key(s)): Node {}); }").len(), 0);
    }

    #[test]
    fn finds_a_key_that_nobody_declares() {
        assert_eq!(found(r#"resource!(cx, vpc: VPC {}); cx.handle::<VPC>("vcp");"#), [never_declared("vcp")]);
        for body in [
            r#"resource!(cx, vpc: VPC {}); cx.handle::<VPC>("vpc");"#,
            r#"cx.handle::<VPC>("vpc"); resource!(cx, vpc: VPC {});"#,
            r#"for z in zones { resource!(cx, "subnet-{z}": Subnet {}); } cx.handle::<Subnet>("subnet-a");"#,
            r#"helper(cx); cx.handle::<VPC>("vcp");"#,
            r#"helper(&*cx, 1); cx.handle::<VPC>("vcp");"#,
            r#"self.helper(cx); cx.handle::<VPC>("vcp");"#,
            r#"resource!(cx, (key): VPC {}); cx.handle::<VPC>("vcp");"#,
        ] {
            assert_eq!(found(body).len(), 0, "{body}");
        }
    }
}
