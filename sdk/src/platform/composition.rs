//! A composition as a platform knows it.

use std::fmt;
#[cfg(feature = "commands")]
use std::sync::LazyLock;

#[cfg(feature = "commands")]
use planewright_definitions::schema::Schema;
#[cfg(feature = "commands")]
use serde_json::Value;

#[cfg(feature = "commands")]
use crate::compose::AutoReady;
use crate::compose::{Composer, Cx, Result};
#[cfg(feature = "commands")]
use crate::render::{Inputs, RenderError, Rendered, Step, render};
#[cfg(feature = "commands")]
use crate::resource::PinnedKind;
use crate::resource::{Composite, Scope};
use crate::state::Function;

/// What a platform knows of a kind of composite resources.
#[derive(Debug)]
pub struct CompositeKind {
    /// API group.
    pub group: &'static str,
    /// Version.
    pub version: &'static str,
    /// `GROUP/VERSION`.
    pub api_version: &'static str,
    /// Kind.
    pub kind: &'static str,
    /// Plural.
    pub plural: &'static str,
    /// Whether objects live in a namespace.
    pub scope: Scope,
    /// Whether Crossplane's machinery stands directly in `spec` (scope `LegacyCluster`).
    pub legacy: bool,
    /// The definition (XRD) that its type was generated from, as JSON.
    #[cfg(feature = "commands")]
    pub definition: Option<&'static str>,
    /// The provider kinds that the platform pins.
    #[cfg(feature = "commands")]
    pub pinned: &'static [PinnedKind],
    /// The structural schema of whole objects.
    /// A served function never looks at it, and reading it would take a good part of its start.
    #[cfg(feature = "commands")]
    schema: LazyLock<serde_json::Result<Schema>>,
}

impl CompositeKind {
    /// The kind of `X`.
    pub fn of<X: Composite>() -> Self {
        CompositeKind {
            group: X::GROUP,
            version: X::VERSION,
            api_version: X::API_VERSION,
            kind: X::KIND,
            plural: X::PLURAL,
            scope: X::SCOPE,
            legacy: X::LEGACY,
            #[cfg(feature = "commands")]
            definition: X::DEFINITION,
            #[cfg(feature = "commands")]
            pinned: X::PINNED,
            #[cfg(feature = "commands")]
            schema: LazyLock::new(|| serde_json::from_str(X::SCHEMA)),
        }
    }

    /// The structural schema of whole objects.
    ///
    /// # Errors
    /// When the type's own schema is not one. The generator never writes such a schema.
    #[cfg(feature = "commands")]
    pub fn schema(&self) -> std::result::Result<&Schema, RenderError> {
        self.schema.as_ref().map_err(|error| {
            RenderError::Pipeline(format!("the schema of {} is broken: {error}; generate its type anew", self.kind))
        })
    }
}

/// A composition function with its name and the kind that it composes for.
pub struct Composition {
    name: String,
    kind: CompositeKind,
    function: Box<dyn Function + Send + Sync>,
    #[cfg_attr(not(feature = "commands"), expect(dead_code, reason = "a served function is one step of a pipeline"))]
    auto_ready: bool,
}

impl fmt::Debug for Composition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Composition({:?} for {} {})", self.name, self.kind.api_version, self.kind.kind)
    }
}

/// The last part of a path such as `network::network`.
pub(super) fn last_part(path: &str) -> String {
    path.rsplit("::").next().unwrap_or(path).trim().to_owned()
}

impl Composition {
    /// A composition by its function. Of a path such as `network::network`, the last part is the name.
    pub fn new<X, F>(name: &str, compose: F) -> Self
    where
        X: Composite + 'static,
        F: Fn(&mut Cx<X>) -> Result<()> + Send + Sync + 'static,
    {
        Composition {
            name: last_part(name),
            kind: CompositeKind::of::<X>(),
            function: Box::new(Composer::new(compose)),
            auto_ready: false,
        }
    }

    /// The same composition, followed by the step [`AutoReady`] in its pipeline.
    #[must_use]
    pub fn auto_ready(self) -> Self {
        Composition { auto_ready: true, ..self }
    }

    /// Its name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The kind that it composes for.
    pub fn kind(&self) -> &CompositeKind {
        &self.kind
    }

    /// The function.
    pub fn function(&self) -> &dyn Function {
        &*self.function
    }

    /// Renders a composite resource with this composition; see [`render`](mod@crate::render).
    ///
    /// # Errors
    /// As [`render`].
    #[cfg(feature = "commands")]
    pub fn render(&self, composite: Value, inputs: Inputs) -> std::result::Result<Rendered, RenderError> {
        let input = inputs.input.clone();
        let mut steps = vec![Step { input, ..Step::new(&self.name, self.function()) }];
        if self.auto_ready {
            steps.push(Step::new("auto-ready", &AutoReady));
        }
        render(&self.kind, &steps, composite, inputs)
    }
}
