//! What a stream may cost to read.

/// Limits of reading. They are far above anything real and stop what was made to exhaust a machine.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of one stream (a file). Default 256 MiB; the largest provider package has 102 MB.
    pub stream_bytes: usize,
    /// Nodes (mappings, lists, scalars) of one document, aliases expanded. Default 4,000,000; a document of 20 MB
    /// has about a million.
    pub nodes: usize,
    /// Bytes of scalars of one document, aliases expanded. Default 128 MiB.
    pub scalar_bytes: usize,
    /// Levels of nesting of one document. Default 100; the deepest CRD of provider-aws has 37.
    pub depth: usize,
    /// Nodes of one document that stem from aliases. Default 100,000.
    pub alias_nodes: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Limits { stream_bytes: 256 << 20, nodes: 4_000_000, scalar_bytes: 128 << 20, depth: 100, alias_nodes: 100_000 }
    }
}
