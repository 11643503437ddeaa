//! Asks function-auto-ready and `AutoReady` the same: `auto-ready ADDRESS [FILE FUNCTION]`, where ADDRESS is that of the function,
//! served without TLS, such as http://127.0.0.1:9443. Given a FILE, writes there what the function said of every case, for the
//! test `auto_ready` of the sdk; FUNCTION says which function it was. Fails if the two differ where it is not meant.

use std::collections::BTreeMap;
use std::error::Error;
use std::process::ExitCode;

use function_sdk_rust::proto::v1::function_runner_service_client::FunctionRunnerServiceClient;
use function_sdk_rust::proto::v1::{Ready, RunFunctionRequest, RunFunctionResponse};
use planewright::compose::AutoReady;
use planewright::wire;
use proptest::prelude::*;
use proptest::sample::Index;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;
use prost::Message;
use protocol_oracle::verdicts::{self, Asked, MEANT};
use protocol_oracle::{health, protocol};
use serde_json::{Value, json};
use tonic::transport::Channel;

/// How many objects with more than one alteration there are.
const RANDOM: usize = 5_000;
/// How many resources there are to a request, of which the function takes 4 MiB.
const REQUEST: usize = 1_000;

type Client = FunctionRunnerServiceClient<Channel>;
type Answers = Vec<Option<String>>;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let (address, file) = match &arguments[..] {
        [address] => (address, None),
        [address, file, function] => (address, Some((file, function))),
        _ => {
            eprintln!("usage: auto-ready ADDRESS [FILE FUNCTION]");
            return ExitCode::FAILURE;
        }
    };
    let run = || -> Result<usize, Box<dyn Error>> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        runtime.block_on(async {
            let mut client = Client::connect(address.clone()).await?;
            let (asked, random) = (asked(), random()?);
            let (theirs, mut differences) = compare(&mut client, &asked).await?;
            println!("{} cases, and {} objects with several alterations", asked.len(), random.len());
            differences += compare(&mut client, &random).await?.1;
            if let Some((file, function)) = file {
                let verdicts: Vec<_> = asked.into_iter().zip(theirs).collect();
                std::fs::write(file, verdicts::write(function, &verdicts))?;
            }
            Ok(differences)
        })
    };
    match run() {
        Ok(0) => ExitCode::SUCCESS,
        Ok(differences) => {
            eprintln!("error: {differences} answers differ where it is not meant");
            ExitCode::FAILURE
        }
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

/// What the function says of each, and how often `AutoReady` says something else where it is not meant.
async fn compare(client: &mut Client, asked: &[Asked]) -> Result<(Answers, usize), Box<dyn Error>> {
    let (mut theirs, mut ours) = (Answers::new(), Answers::new());
    for some in asked.chunks(REQUEST) {
        let request = protocol::request(&verdicts::request(some));
        let mut their = client.run_function(RunFunctionRequest::decode(&*request)?).await?.into_inner();
        let mut our = RunFunctionResponse::decode(&*wire::respond(&AutoReady, &request)?)?;
        theirs.extend(take_answers(&mut their, some.len()));
        ours.extend(take_answers(&mut our, some.len()));
        // All the rest of the answer: the desired state, the context, results, conditions, and how long it is good for.
        if their != our {
            return Err(format!("beside readiness, the answers differ:\n{their:?}\n{our:?}").into());
        }
    }
    let mut meant: BTreeMap<&str, usize> = BTreeMap::new();
    let mut count = 0;
    for ((asked, their), our) in asked.iter().zip(&theirs).zip(ours) {
        if *their == our {
            continue;
        }
        match MEANT.iter().find(|difference| asked.is_case_of(difference)) {
            Some(difference) => *meant.entry(difference.what).or_default() += 1,
            None => {
                count += 1;
                println!("it says {their:?}, we say {our:?} of {asked:?}");
            }
        }
    }
    for (what, count) in meant {
        println!("{count} differ as is meant: {what}");
    }
    Ok((theirs, count))
}

/// Takes out of an answer what it says of readiness.
fn take_answers(response: &mut RunFunctionResponse, count: usize) -> Answers {
    let resources = response.desired.get_or_insert_default();
    let mut answer = |number: usize| {
        let resource = resources.resources.get_mut(&number.to_string())?;
        let ready = match resource.ready() {
            Ready::Unspecified => "Unspecified",
            Ready::True => "True",
            Ready::False => "False",
        };
        resource.set_ready(Ready::Unspecified);
        Some(ready.to_owned())
    };
    (0..count).map(&mut answer).collect()
}

/// All cases that are recorded: what earlier steps said, and every object, whole and with one alteration.
fn asked() -> Vec<Asked> {
    let mut all = Vec::new();
    let ready = json!({"apiVersion": "v1", "kind": "Secret"});
    let unready =
        json!({"apiVersion": "v1", "kind": "Pod", "status": {"conditions": [{"type": "Ready", "status": "False"}]}});
    let nameless = json!({"status": {"conditions": [{"type": "Ready", "status": "True"}]}});
    for observed in [None, Some(ready), Some(unready), Some(nameless), Some(json!({}))] {
        for desired in [None, Some("Unspecified"), Some("True"), Some("False")] {
            all.push(Asked { desired: desired.map(str::to_owned), observed: observed.clone(), altered: None });
        }
    }
    for object in health::objects() {
        all.push(Asked::of(object.clone()));
        for (at, values) in alterations(&object) {
            all.extend(values.into_iter().map(|to| Asked::altered(&object, &at, to)));
        }
    }
    all
}

/// What each field is altered to.
fn alterations(object: &Value) -> BTreeMap<String, Vec<Option<Value>>> {
    let mut alterations: BTreeMap<String, Vec<Option<Value>>> = BTreeMap::new();
    for at in health::places(object) {
        let alternatives = health::alternatives(object, &at).into_iter().map(Some);
        alterations.insert(at, [None].into_iter().chain(alternatives).collect());
    }
    for (at, to) in health::besides(object) {
        alterations.entry(at.to_owned()).or_default().push(Some(to));
    }
    alterations
}

/// Objects with several alterations, none of which is a case of a difference that is meant: the same in every run.
fn random() -> Result<Vec<Asked>, Box<dyn Error>> {
    let mut runner = TestRunner::deterministic();
    let objects = health::objects();
    let strategy = (any::<Index>(), prop::collection::vec((any::<Index>(), any::<Index>()), 2..6));
    let mut all = Vec::new();
    while all.len() < RANDOM {
        let (index, choices) = strategy.new_tree(&mut runner).map_err(|reason| reason.to_string())?.current();
        let mut asked = Asked::of(index.get(&objects).clone());
        for (place, value) in choices {
            let Some(object) = &asked.observed else { break };
            let mut alterations = alterations(object);
            // Of another kind other fields are decoded.
            alterations.retain(|at, _| at != "/kind" && at != "/apiVersion");
            let Some((at, values)) = alterations.iter().nth(place.index(alterations.len().max(1))) else { continue };
            let next = Asked::altered(object, at, value.get(values).clone());
            if !MEANT.iter().any(|difference| next.is_case_of(difference)) {
                asked = next;
            }
        }
        all.push(asked);
    }
    Ok(all)
}
