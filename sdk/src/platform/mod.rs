//! A platform as a program: its compositions, and the command line over them.
//!
//! `main.rs` of a platform is one line, and that line is the registration:
//!
//! ```ignore
//! planewright::main!(network::network, database::database);
//! ```

mod commands;
mod composition;
#[cfg(feature = "commands")]
mod emit_command;
#[cfg(feature = "commands")]
mod files;
#[cfg(feature = "commands")]
mod graph;
mod operation;
#[cfg(feature = "commands")]
mod render;
#[cfg(any(feature = "commands", feature = "serve"))]
mod select;
#[cfg(feature = "serve")]
mod serve;

#[cfg(feature = "commands")]
pub use commands::run;
pub use commands::{Exit, Output, main};
pub use composition::{CompositeKind, Composition};
pub use operation::Operation;

use commands::About;

#[cfg(feature = "commands")]
use crate::emit::{self, Emission, EmitError, Fault, Package};

/// A platform: what one program serves and renders.
#[derive(Debug)]
pub struct Platform {
    name: &'static str,
    version: &'static str,
    schemas: Option<&'static str>,
    compositions: Vec<Composition>,
    operations: Vec<Operation>,
    /// With what emits it: only the programs of platforms that are shipped have that in them.
    #[cfg(feature = "commands")]
    package: Option<(Package, Emit)>,
}

#[cfg(feature = "commands")]
type Emit = fn(&emit::Platform<'_>) -> Result<Emission, EmitError>;

impl Platform {
    /// A platform with the name and version of its program, and nothing in it.
    pub fn new(name: &'static str, version: &'static str) -> Self {
        Platform {
            name,
            version,
            schemas: None,
            compositions: Vec::new(),
            operations: Vec::new(),
            #[cfg(feature = "commands")]
            package: None,
        }
    }

    /// The digest of `planewright.lock`, which pins the schemas that it was built from; `--version` says it. Build scripts that
    /// call `planewright_codegen::build` set it as `PLANEWRIGHT_SCHEMAS`.
    #[must_use]
    pub fn schemas(self, digest: Option<&'static str>) -> Self {
        Platform { schemas: digest, ..self }
    }

    /// With one more composition.
    #[must_use]
    pub fn composition(mut self, composition: Composition) -> Self {
        self.compositions.push(composition);
        self
    }

    /// With one more operation.
    #[must_use]
    pub fn operation(mut self, operation: Operation) -> Self {
        self.operations.push(operation);
        self
    }

    fn about(&self) -> About {
        let kinds = commands::kinds(&self.compositions);
        About { name: self.name, version: self.version, schemas: self.schemas, kinds }
    }
}

#[cfg(feature = "commands")]
impl Platform {
    /// Says what it is shipped as. A platform that does not say so serves and renders, and emits nothing.
    #[must_use]
    pub fn package(self, package: Package) -> Self {
        Platform { package: Some((package, emit::emit)), ..self }
    }

    /// Everything that a cluster needs of it: see [`emit`].
    ///
    /// # Errors
    /// Every fault of the description and of what would be emitted.
    pub fn emit(&self) -> Result<Emission, EmitError> {
        match &self.package {
            Some((package, emit)) => emit(&emit::Platform {
                version: self.version,
                package,
                compositions: &self.compositions,
                operates: !self.operations.is_empty(),
            }),
            None => Err(EmitError(vec![Fault {
                place: format!("platform {}", self.name),
                reason: "it does not say what it is shipped as".to_owned(),
                remedy:
                    "give `planewright::main!` a package: `planewright::main!(network::network; package: package())`"
                        .to_owned(),
            }])),
        }
    }
}

/// The `main` function of a platform: its compositions and, each after a semicolon, its operations, by the paths of their
/// functions, and the [package](crate::emit::Package) that it is shipped as.
///
/// ```ignore
/// planewright::main!(network::network, database::database; operations: rotation::rotate; package: package());
/// ```
///
/// Each is named after its function, without the modules before it. A request goes to the composition of its composite
/// resource's apiVersion and kind; where several compose that kind, the field `composition` of the step's input names one. A
/// request of an Operation goes to the operation that the field `operation` of its input names, if there is more than one.
///
/// Without the feature `commands`, the program only serves: the package is left out, and not even compiled.
#[macro_export]
macro_rules! main {
    ($($composition:path),* $(,)? $(; operations: $($operation:path),+ $(,)?)? $(; package: $package:expr)?) => {
        fn main() -> ::std::process::ExitCode {
            let platform = $crate::platform::Platform::new(env!("CARGO_BIN_NAME"), env!("CARGO_PKG_VERSION"))
                .schemas(option_env!("PLANEWRIGHT_SCHEMAS"))
                $(.composition($crate::platform::Composition::new(stringify!($composition), $composition)))*
                $($(.operation($crate::platform::Operation::new(stringify!($operation), $operation)))+)?;
            $(let platform = $crate::__package!(platform, $package);)?
            $crate::platform::main(platform)
        }
    };
}

/// A program that only serves is not told what it is shipped as.
#[cfg(feature = "commands")]
#[doc(hidden)]
#[macro_export]
macro_rules! __package {
    ($platform:expr, $package:expr) => {
        $platform.package($package)
    };
}

#[cfg(not(feature = "commands"))]
#[doc(hidden)]
#[macro_export]
macro_rules! __package {
    ($platform:expr, $package:expr) => {
        $platform
    };
}
