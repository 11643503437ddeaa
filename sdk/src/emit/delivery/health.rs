//! Whether a composite resource is healthy, in the words of each engine.

/// For Argo CD, in Lua: what is said of an older generation counts as not said yet.
pub(super) const LUA: &str = r#"local annotations = obj.metadata.annotations or {}
if annotations["crossplane.io/paused"] == "true" then
  return { status = "Suspended", message = "Reconciliation is paused" }
end
local ready = false
local message = "Waiting for Crossplane"
for _, condition in ipairs((obj.status or {}).conditions or {}) do
  local seen = condition.observedGeneration or obj.metadata.generation
  if seen == obj.metadata.generation then
    if condition.type == "Synced" and condition.status == "False" then
      return { status = "Degraded", message = condition.message or condition.reason }
    elseif condition.type == "Ready" and condition.status == "True" then
      ready = true
    elseif condition.type == "Ready" then
      message = condition.message or condition.reason or message
    end
  end
end
if ready then
  return { status = "Healthy", message = "Ready" }
end
return { status = "Progressing", message = message }
"#;

/// For Flux, in CEL: it is as it should be.
pub(super) const CURRENT: &str = "status.?conditions.orValue([]).exists(c, c.type == 'Ready' && c.status == 'True' && \
     c.?observedGeneration.orValue(metadata.generation) == metadata.generation)";

/// For Flux, in CEL: it cannot become so.
pub(super) const FAILED: &str = "status.?conditions.orValue([]).exists(c, c.type == 'Synced' && c.status == 'False' && \
     c.?observedGeneration.orValue(metadata.generation) == metadata.generation)";
