//! What the composition makes of a board, without a cluster.

use planewright::assert_waits;
use planewright::platform::Composition;
use planewright::testing::Scenario;

const KITCHEN: &str = include_str!("../board.yaml");

#[test]
fn the_list_waits_for_the_notices() {
    let composition = Composition::new("board", bulletin::board::board);
    let kitchen = Scenario::new(KITCHEN);
    let first = kitchen.render(&composition);
    assert_eq!(first.resources.keys().collect::<Vec<_>>(), ["notice-cups", "notice-tea"]);
    assert_waits!(first, "list" on "notice-tea" at "status.atProvider.manifest");

    let uid = |uid: &str| format!("status: {{atProvider: {{manifest: {{metadata: {{uid: {uid}}}}}}}}}");
    let second = kitchen
        .observe_rendered(&first)
        .observe_fields("notice-tea", &uid("a"))
        .observe_fields("notice-cups", &uid("b"))
        .render(&composition);
    let manifest = &second.resources["list"].resource["spec"]["forProvider"]["manifest"];
    assert_eq!(manifest["data"], serde_json::json!({"cups": "b", "tea": "a"}));
    assert_eq!(second.composite["status"]["notices"], serde_json::json!({"cups": "b", "tea": "a"}));
}
