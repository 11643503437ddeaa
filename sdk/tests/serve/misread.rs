//! What is read as something that it is not.

use planewright::compose::{Cx, StepInput};
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::json;

use crate::client::{Serving, logged, platform, run};
use crate::support::Store;
use crate::support::world::with;

#[derive(Debug, Deserialize, JsonSchema)]
struct Wanted {
    #[expect(dead_code, reason = "it is read in vain")]
    zones: u8,
}

impl StepInput for Wanted {
    const GROUP: &'static str = "store.fn.example.org";
    const VERSION: &'static str = "v1";
    const KIND: &'static str = "Wanted";
}

#[test]
fn what_is_misread_is_never_logged() {
    let misread = |cx: &mut Cx<Store>| {
        cx.step_input::<Wanted>()?;
        Ok(())
    };
    let log = logged(|_| async move {
        let serving = Serving::insecure(platform(misread)).await;
        let client = serving.client().await;
        let mut request = with(&[]);
        request.input = Some(json!({"apiVersion": "store.fn.example.org/v1", "kind": "Wanted", "zones": "sesame"}));
        run(&client, &request).await;
        serving.end().await.unwrap();
    });
    assert!(log.contains("answered with a fatal result"), "{log}");
    assert!(!log.contains("sesame"), "{log}");
}
