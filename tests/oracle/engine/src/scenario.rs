//! What is rendered.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use planewright::platform::{CompositeKind, Composition};
use planewright::render::{Inputs, RenderError, Rendered, Step, admit, render};
use planewright::state::ConnectionDetails;
use planewright_definitions::yaml;
use serde::Deserialize;
use serde_json::{Map, Value};

use crate::Failure;
use crate::answer::Answer;
use crate::platforms::{Platform, files, root};

/// The annotation that tells the key of a composed resource.
pub const KEY: &str = "/metadata/annotations/crossplane.io~1composition-resource-name";

/// What stands for every key.
const EVERY: &str = "*";

/// A composite resource, a pipeline, and what there is in the world.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Scenario {
    /// The file's name, without its ending.
    #[serde(skip)]
    pub name: String,
    /// What it shows.
    pub shows: String,
    /// The platform whose compositions are rendered.
    #[serde(default)]
    pub platform: Platform,
    /// The composite resource.
    pub composite: Value,
    /// The steps of the pipeline; none stand for one step without input.
    #[serde(default)]
    pub pipeline: Vec<PipelineStep>,
    /// What is observed at first.
    #[serde(default)]
    pub observed: Vec<Value>,
    /// Connection details of composed resources by key, as texts. The resource names the Secret that holds them.
    #[serde(default)]
    pub connection: BTreeMap<String, BTreeMap<String, String>>,
    /// Other objects in the cluster.
    #[serde(default)]
    pub required: Vec<Value>,
    /// Credentials of every step by name, as texts.
    #[serde(default)]
    pub credentials: BTreeMap<String, BTreeMap<String, String>>,
    /// The schemas that the cluster knows.
    #[serde(default)]
    pub schemas: Vec<KindSchema>,
    /// What happens between one reconcile and the next; empty for a single reconcile.
    #[serde(default)]
    pub then: Vec<Change>,
}

/// A step of a pipeline.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PipelineStep {
    /// Its name.
    pub step: String,
    /// Its input; `composition` in it names the composition.
    pub input: Option<Value>,
}

/// The OpenAPI schema of a kind.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct KindSchema {
    /// Its apiVersion.
    pub api_version: String,
    /// Its kind.
    pub kind: String,
    /// The schema.
    pub schema: Value,
}

/// What happens between two reconciles, after what Crossplane applied has come to be.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Change {
    /// What providers report: fields of composed resources by key, merged object by object; under `*` those of all.
    #[serde(default)]
    pub report: BTreeMap<String, Value>,
    /// What a user changes in the composite resource, merged object by object.
    #[serde(default)]
    pub edit: Value,
    /// The keys of composed resources that are gone.
    #[serde(default)]
    pub gone: BTreeSet<String>,
}

/// The changing part of a scenario.
#[derive(Clone, Debug)]
pub struct World {
    /// The composite resource, as a user and Crossplane left it.
    pub composite: Value,
    /// The composed resources that exist.
    pub observed: Vec<Value>,
}

impl Scenario {
    /// Every scenario of this package, and every input of the other platforms, sorted by name.
    ///
    /// # Errors
    /// When a file cannot be read or is not a scenario.
    pub fn all() -> Result<Vec<Scenario>, Failure> {
        let mut all = Vec::new();
        for file in files(&root().join("tests/oracle/engine/scenarios"))? {
            let text = fs_err::read_to_string(&file)?;
            let scenario: Scenario = yaml::from_str(&text, &file.display().to_string())?;
            all.push(Scenario { name: stem(&file), ..scenario });
        }
        for folder in ["examples/xr", "tests/render/cases"] {
            let inputs = files(&root().join(folder))?;
            for file in inputs.iter().filter(|file| !stem(file).contains('.')) {
                all.push(Scenario::input(Platform::ReferencePlatform, file, &file.with_extension("observed.yaml"))?);
            }
        }
        let stores = root().join("examples/stores");
        all.push(Scenario::input(Platform::Stores, &stores.join("store.yaml"), &stores.join("observed.yaml"))?);
        let archives = root().join("examples/archives");
        all.push(Scenario::input(Platform::Archives, &archives.join("archive.yaml"), &archives.join("observed.yaml"))?);
        all.sort_by(|a, b| a.name.cmp(&b.name));
        Ok(all)
    }

    /// An input of a platform, with what is observed of it.
    fn input(platform: Platform, composite: &Path, observed: &Path) -> Result<Scenario, Failure> {
        let read = |file: &Path| -> Result<Vec<Value>, Failure> {
            let text = fs_err::read_to_string(file)?;
            let name = file.display().to_string();
            Ok(yaml::documents(&text).map(|document| yaml::read(&document, &name)).collect::<Result<_, _>>()?)
        };
        let [composite_resource] = <[Value; 1]>::try_from(read(composite)?)
            .map_err(|objects| format!("{}: {} objects, expected one", composite.display(), objects.len()))?;
        Ok(Scenario {
            name: stem(composite),
            shows: "an input of the platform".to_owned(),
            platform,
            composite: composite_resource,
            pipeline: Vec::new(),
            observed: if observed.is_file() { read(observed)? } else { Vec::new() },
            connection: BTreeMap::new(),
            required: Vec::new(),
            credentials: BTreeMap::new(),
            schemas: Vec::new(),
            then: Vec::new(),
        })
    }

    /// Runs it from beginning to end: `reconcile` answers for each state of the world, and what it answers comes to be.
    ///
    /// # Errors
    /// When `reconcile` fails, or a change is about a resource that does not exist.
    pub fn run(&self, reconcile: impl Fn(&World) -> Result<Answer, Failure>) -> Result<Vec<Answer>, Failure> {
        let mut world = World { composite: self.composite.clone(), observed: self.observed.clone() };
        let mut answers = vec![reconcile(&world)?];
        for change in &self.then {
            if let Some(answer) = answers.last() {
                world.after(answer, change)?;
            }
            answers.push(reconcile(&world)?);
        }
        Ok(answers)
    }

    /// The steps of the pipeline.
    pub fn steps(&self) -> Vec<(String, Option<Value>)> {
        match self.pipeline.as_slice() {
            [] => vec![("compose".to_owned(), None)],
            steps => steps.iter().map(|step| (step.step.clone(), step.input.clone())).collect(),
        }
    }

    /// The composite resource as the API server stores it: pruned, defaulted, and valid.
    ///
    /// # Errors
    /// When the API server would refuse it.
    pub fn admitted(&self, world: &World) -> Result<Value, Failure> {
        let compositions = self.platform.compositions();
        Ok(admit(kind(&compositions, &world.composite)?, world.composite.clone())?)
    }

    /// What `render` makes of it, in process.
    ///
    /// # Errors
    /// When the platform has no composition for it.
    pub fn render(&self, world: &World) -> Result<Result<Rendered, RenderError>, Failure> {
        let compositions = self.platform.compositions();
        let kind = kind(&compositions, &world.composite)?;
        let mut steps = Vec::new();
        for (name, input) in self.steps() {
            let named = input.as_ref().and_then(|input| input["composition"].as_str());
            let composes = |composition: &&Composition| {
                composition.kind().kind == kind.kind && named.is_none_or(|named| named == composition.name())
            };
            let composition = compositions.iter().find(composes);
            let composition = composition.ok_or_else(|| format!("{}: step {name}: no such composition", self.name))?;
            steps.push(Step { name, function: composition.function(), input });
        }
        let details = |details: &BTreeMap<String, String>| {
            details.iter().map(|(name, value)| (name.clone(), value.as_bytes().to_vec())).collect::<ConnectionDetails>()
        };
        let exists = |key: &str| world.observed.iter().any(|object| key_of(object) == key);
        let connection = self.connection.iter().filter(|(key, _)| exists(key));
        let inputs = Inputs {
            observed: world.observed.clone(),
            connection: connection.map(|(key, values)| (key.clone(), details(values))).collect(),
            required: self.required.clone(),
            credentials: self.credentials.iter().map(|(name, values)| (name.clone(), details(values))).collect(),
            schemas: self
                .schemas
                .iter()
                .map(|known| ((known.api_version.clone(), known.kind.clone()), known.schema.clone()))
                .collect(),
            ..Inputs::default()
        };
        Ok(render(kind, &steps, world.composite.clone(), inputs))
    }
}

impl World {
    /// The world after a reconcile that answered this, and then the change.
    ///
    /// # Errors
    /// When the change is about a resource that does not exist.
    fn after(&mut self, answer: &Answer, change: &Change) -> Result<(), Failure> {
        let deleted: BTreeSet<&str> =
            answer.deleted().iter().map(|gone| gone["key"].as_str().unwrap_or_default()).collect();
        self.observed.retain(|object| !deleted.contains(key_of(object)) && !change.gone.contains(key_of(object)));
        for applied in answer.composed() {
            let key = key_of(applied);
            let mut applied = applied.clone();
            match self.observed.iter_mut().find(|object| key_of(object) == key) {
                // What a provider reported stays.
                Some(old) => {
                    if let Some(status) = old.get("status") {
                        merge(&mut applied, Value::Object(Map::from_iter([("status".to_owned(), status.clone())])));
                    }
                    *old = applied;
                }
                None if change.gone.contains(key) => {}
                None => self.observed.push(applied),
            }
        }
        if let (Value::Object(composite), Some(status)) = (&mut self.composite, answer.composite().get("status")) {
            composite.insert("status".to_owned(), status.clone());
        }
        if let Some(fields) = change.report.get(EVERY) {
            self.observed.iter_mut().for_each(|object| merge(object, fields.clone()));
        }
        for (key, fields) in change.report.iter().filter(|(key, _)| *key != EVERY) {
            let object = self.observed.iter_mut().find(|object| key_of(object) == key);
            merge(object.ok_or_else(|| format!("nothing is observed under the key {key:?}"))?, fields.clone());
        }
        if !change.edit.is_null() {
            merge(&mut self.composite, change.edit.clone());
        }
        Ok(())
    }
}

/// The key of a composed resource.
pub fn key_of(object: &Value) -> &str {
    object.pointer(KEY).and_then(Value::as_str).unwrap_or_default()
}

/// What the platform knows of the kind of a composite resource.
fn kind<'a>(compositions: &'a [Composition], composite: &Value) -> Result<&'a CompositeKind, Failure> {
    let kinds = compositions.iter().map(Composition::kind);
    let mut kinds = kinds.filter(|kind| composite["apiVersion"] == kind.api_version && composite["kind"] == kind.kind);
    kinds.next().ok_or_else(|| format!("nothing composes {}", composite["kind"]).into())
}

fn stem(file: &Path) -> String {
    file.file_stem().unwrap_or_default().to_string_lossy().into_owned()
}

fn merge(into: &mut Value, from: Value) {
    match (into, from) {
        (Value::Object(into), Value::Object(from)) => {
            for (key, value) in from {
                merge(into.entry(key).or_insert(Value::Null), value);
            }
        }
        (into, from) => *into = from,
    }
}
