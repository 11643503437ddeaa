//! The graph of a render: which composed resources need which others.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use serde_json::Value;

use super::Rendered;

/// A form that a graph is shown in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum GraphFormat {
    /// A list for people.
    #[default]
    Text,
    /// The language of Graphviz.
    Dot,
    /// The language of Mermaid, which Markdown on the usual forges shows as a picture.
    Mermaid,
}

/// Composed resources, and what they need of one another.
struct Graph<'a> {
    /// Key, kind and state.
    nodes: BTreeMap<&'a str, Node<'a>>,
    /// Who reads whom, and which fields.
    reads: BTreeMap<(&'a str, &'a str), BTreeSet<&'a str>>,
    /// Who is deleted before whom, where no read says so as well.
    orders: BTreeSet<(&'a str, &'a str)>,
}

#[derive(Default)]
struct Node<'a> {
    kind: &'a str,
    held_back: bool,
    protected: bool,
}

impl Rendered {
    /// The graph of the composed resources: each with what it reads from which others (values that it waits for, values that
    /// it has, and references), and the order of deletions. Usages are not shown as resources but as what they say. It ends
    /// with a line feed and is the same text for the same input.
    pub fn graph(&self, format: GraphFormat) -> String {
        let graph = Graph::of(self);
        match format {
            GraphFormat::Text => graph.text(),
            GraphFormat::Dot => graph.dot(),
            GraphFormat::Mermaid => graph.mermaid(),
        }
    }
}

impl<'a> Graph<'a> {
    fn of(rendered: &'a Rendered) -> Self {
        let mut graph = Graph { nodes: BTreeMap::new(), reads: BTreeMap::new(), orders: BTreeSet::new() };
        for (key, resource) in &rendered.resources {
            let kind = resource.resource.get("kind").and_then(Value::as_str).unwrap_or_default();
            if !is_usage(key) {
                graph.nodes.entry(key).or_default().kind = kind;
            }
        }
        for (key, kind) in rendered.held_back.iter().filter(|(key, _)| !is_usage(key)) {
            graph.nodes.insert(key, Node { kind, held_back: true, protected: false });
        }
        for edge in rendered.edges.iter().filter(|edge| !is_usage(&edge.key)) {
            graph.nodes.entry(&edge.key).or_default();
            graph.nodes.entry(&edge.on.key).or_default();
            graph.reads.entry((&edge.key, &edge.on.key)).or_default().insert(&edge.on.path);
        }
        graph.usages(rendered);
        graph
    }

    fn usages(&mut self, rendered: &'a Rendered) {
        let waiting = rendered.waiting.iter().map(|waiting| &*waiting.key);
        let keys = rendered.resources.keys().map(String::as_str).chain(waiting);
        for usage in keys.filter_map(|key| key.strip_prefix("usage:")) {
            if let Some(node) = self.nodes.get_mut(usage) {
                node.protected = true;
                continue;
            }
            for (at, _) in usage.match_indices(':') {
                let (then, first) = (&usage[..at], &usage[at + 1..]);
                let known = self.nodes.contains_key(then) && self.nodes.contains_key(first);
                if known && !self.reads.contains_key(&(first, then)) {
                    self.orders.insert((first, then));
                }
            }
        }
    }

    fn text(&self) -> String {
        let mut out = String::new();
        for (key, node) in &self.nodes {
            let kind = if node.kind.is_empty() { String::new() } else { format!(" ({})", node.kind) };
            let _ = writeln!(out, "{key}{kind}{}", node.states());
            for ((_, on), paths) in self.reads.iter().filter(|((reader, _), _)| reader == key) {
                let paths: Vec<&str> = paths.iter().copied().collect();
                let _ = writeln!(out, "  reads {on}: {}", paths.join(", "));
            }
            for (_, then) in self.orders.iter().filter(|(first, _)| first == key) {
                let _ = writeln!(out, "  is deleted before {then}");
            }
        }
        out
    }

    fn dot(&self) -> String {
        let mut out = "digraph composition {\n  rankdir=LR;\n  node [shape=box];\n".to_owned();
        for (key, node) in &self.nodes {
            let (key, kind, states) = (quotable(key), quotable(node.kind), node.states());
            let style = if node.held_back { ", style=dashed" } else { "" };
            let _ = writeln!(out, "  \"{key}\" [label=\"{key}\\n{kind}{states}\"{style}];");
        }
        for ((reader, on), paths) in &self.reads {
            let paths: Vec<String> = paths.iter().map(|path| quotable(path)).collect();
            let label = paths.join("\\n");
            let _ = writeln!(out, "  \"{}\" -> \"{}\" [label=\"{label}\"];", quotable(reader), quotable(on));
        }
        for (first, then) in &self.orders {
            let label = "deleted before";
            let _ =
                writeln!(out, "  \"{}\" -> \"{}\" [label=\"{label}\", style=dotted];", quotable(first), quotable(then));
        }
        out.push_str("}\n");
        out
    }

    fn mermaid(&self) -> String {
        let mut out = "flowchart LR\n".to_owned();
        // Keys may be words that mean something to Mermaid: nodes are named by their place.
        let name = |key: &str| {
            let place = self.nodes.keys().position(|known| *known == key).unwrap_or_default();
            format!("n{place}")
        };
        let shown = |text: &str| text.replace('&', "&amp;").replace('"', "&quot;").replace('<', "&lt;");
        for (key, node) in &self.nodes {
            let (kind, states) = (shown(node.kind), node.states());
            let _ = writeln!(out, "  {}[\"{}<br/>{kind}{states}\"]", name(key), shown(key));
        }
        for ((reader, on), paths) in &self.reads {
            let paths: Vec<String> = paths.iter().map(|path| shown(path)).collect();
            let _ = writeln!(out, "  {} -->|\"{}\"| {}", name(reader), paths.join("<br/>"), name(on));
        }
        for (first, then) in &self.orders {
            let _ = writeln!(out, "  {} -.->|\"deleted before\"| {}", name(first), name(then));
        }
        out
    }
}

impl Node<'_> {
    fn states(&self) -> &'static str {
        match (self.held_back, self.protected) {
            (true, true) => " held back, protected",
            (true, false) => " held back",
            (false, true) => " protected",
            (false, false) => "",
        }
    }
}

fn is_usage(key: &str) -> bool {
    key.starts_with("usage:")
}

/// A text as it may stand between quotes in DOT.
fn quotable(text: &str) -> String {
    text.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', " ")
}
