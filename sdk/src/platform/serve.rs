//! `serve`: a platform as a composition function.

use std::process::ExitCode;
use std::thread::available_parallelism;
use std::time::Instant;

use tokio::sync::oneshot;

use super::{Exit, Platform, select};
use crate::codec::{Reader, WirePath, with_text};
use crate::compose::{COMPOSITION, CompositionVersion, OPERATION, Version};
use crate::serve::{Answer, Bytes, ServeArgs, ServeError, Server, Signals, Status, guarded, log, log_panics};
use crate::state::{Function, Place, Response, Severity, Source};
use crate::wire::Request;

/// To every request the answer of the composition or operation that it is for.
impl Answer for Platform {
    fn answer(&self, request: Bytes) -> Result<Bytes, Status> {
        let begun = Instant::now();
        let bytes = request.len();
        let request = Request::parse(request).map_err(|malformed| Status::invalid_argument(malformed.to_string()))?;
        let source = request.source();
        let subject = Subject::of(&*source);
        let chosen = self.choose(&*source, &subject);
        let step = chosen.as_ref().map_or("", |chosen| chosen.name);
        let span = tracing::info_span!(
            "RunFunction",
            tag = request.tag(),
            step,
            api_version = subject.api_version,
            kind = subject.kind,
            namespace = subject.namespace,
            composite = subject.name,
            composition_version = tracing::field::Empty,
        );
        let _entered = span.enter();
        if !subject.kind.is_empty() {
            self.note(&CompositionVersion::of(&*source), &span);
        }
        let response = match chosen {
            Ok(chosen) => guarded(|| chosen.function.run(source)).unwrap_or_else(|panic| {
                Response::fatally(format!(
                    "{} {panic}; nothing was changed. This is a fault of the function, which the log of its Pod may tell \
                     more about",
                    chosen.name
                ))
            }),
            Err(message) => Response::fatally(message),
        };
        let said = Said::of(&response);
        let answer = Bytes::from(request.answer(response));
        said.log(begun, bytes, answer.len());
        Ok(answer)
    }
}

/// What a request is for.
struct Chosen<'a> {
    name: &'a str,
    function: &'a dyn Function,
}

impl Platform {
    fn choose(&self, source: &dyn Source, subject: &Subject) -> Result<Chosen<'_>, String> {
        let named = |field: &str| {
            let value = WirePath::names([field]).read(&mut *source.input()?).ok().flatten()?;
            value.as_str().map(str::to_owned)
        };
        if subject.kind.is_empty() {
            let operation = select::operation(&self.operations, named(OPERATION).as_deref())?;
            return Ok(Chosen { name: operation.name(), function: operation.function() });
        }
        let named = named(COMPOSITION);
        let (api_version, kind) = (&subject.api_version, &subject.kind);
        let composition = select::composition(&self.compositions, api_version, kind, named.as_deref())?;
        Ok(Chosen { name: composition.name(), function: composition.function() })
    }

    /// Logs which version of its Composition a request comes from.
    ///
    /// An older one than the program is the rule: composite resources stay on their revisions. A newer one is what an upgrade looks like while the
    /// Configuration is there and the Function is not yet; it is served, as refusing would only add an outage, and logged for who runs the platform. It is no
    /// warning event: users of composite resources can do nothing about it.
    fn note(&self, composition: &CompositionVersion, span: &tracing::Span) {
        match composition {
            CompositionVersion::Unsaid => {}
            CompositionVersion::Known(version) => {
                span.record("composition_version", tracing::field::display(version));
                if Version::parse(self.version).is_ok_and(|own| own.cmp_precedence(version).is_lt()) {
                    tracing::warn!(
                        program_version = self.version,
                        "the Composition is newer than this program; unless an upgrade is under way, install the Function package of \
                         the Composition's version"
                    );
                }
            }
            CompositionVersion::Odd(said) => tracing::warn!(
                said,
                "what the step's input says as `compositionVersion` is no version, and counts as not said; install the \
                 Composition that the platform emits"
            ),
        }
    }
}

/// The composite resource that a request is about; empty in an Operation.
#[derive(Default)]
struct Subject {
    api_version: String,
    kind: String,
    namespace: String,
    name: String,
}

impl Subject {
    fn of(source: &dyn Source) -> Self {
        let mut subject = Subject::default();
        let Subject { api_version, kind, namespace, name } = &mut subject;
        source.read_observed(Place::Composite, &mut |object| {
            let fields = [("apiVersion", &mut *api_version), ("kind", &mut *kind)];
            fields.into_iter().for_each(|(field, text)| read(object, field, text));
            // As for the fields.
            let _ = object.entry("metadata", &mut |metadata| {
                let fields = [("namespace", &mut *namespace), ("name", &mut *name)];
                fields.into_iter().for_each(|(field, text)| read(metadata, field, text));
                Ok(())
            });
        });
        subject
    }
}

/// Reads a text, each by itself: what is wrong with one is told by the composition, which reads it too.
fn read(object: &mut dyn Reader, field: &str, out: &mut String) {
    let _ = with_text(object, field, &mut |text| text.clone_into(out));
}

/// What an answer says, for the log: how much of everything, and why it failed. Never what is in an object.
struct Said {
    fatal: Option<String>,
    warnings: usize,
    normal: usize,
    resources: usize,
    waiting: usize,
}

impl Said {
    fn of(response: &Response) -> Self {
        let count = |severity| response.results.iter().filter(|result| result.severity == severity).count();
        Said {
            fatal: response.fatal().map(|result| result.message.clone()),
            warnings: count(Severity::Warning),
            normal: count(Severity::Normal),
            resources: response.composed.len(),
            waiting: response.waiting.len(),
        }
    }

    fn log(&self, begun: Instant, request_bytes: usize, answer_bytes: usize) {
        let Said { fatal, warnings, normal, resources, waiting } = self;
        let seconds = begun.elapsed().as_secs_f64();
        match fatal {
            Some(fatal) => {
                tracing::warn!(fatal, warnings, normal, seconds, request_bytes, "answered with a fatal result")
            }
            None => {
                tracing::info!(resources, waiting, warnings, normal, seconds, request_bytes, answer_bytes, "answered");
            }
        }
    }
}

/// Serves until a signal ends it.
pub(super) fn run(args: &ServeArgs, platform: Platform) -> ExitCode {
    log(args.debug);
    log_panics();
    let Err(error) = serve(args, platform) else {
        tracing::info!("ended");
        return Exit::Done.into();
    };
    tracing::error!(%error, "ended");
    match error {
        ServeError::NoCertificates | ServeError::Certificate { .. } | ServeError::Address { .. } => Exit::BadInput,
        _ => Exit::Error,
    }
    .into()
}

fn serve(args: &ServeArgs, platform: Platform) -> Result<(), ServeError> {
    // With two at least, a composition that takes long holds up no other request.
    let threads = available_parallelism().map_or(2, |cores| cores.get().max(2));
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(threads).enable_all().build()?;
    let outcome = runtime.block_on(async {
        let mut signals = Signals::new()?;
        let bound = Server::new(platform, args.options()).bind().await?;
        let (ask, asked) = oneshot::channel::<()>();
        let impatient = async {
            signals.next().await;
            drop(ask);
            signals.next().await;
        };
        tokio::select! {
            outcome = bound.serve(async { asked.await.unwrap_or_default() }) => outcome,
            () = impatient => Err(ServeError::CutOff),
        }
    });
    // A composition that does not end would be waited for.
    runtime.shutdown_background();
    outcome
}
