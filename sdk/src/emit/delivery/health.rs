//! Whether an object is healthy, in the words of each engine.

/// For Argo CD, in Lua: the health of a composite resource. What is said of an older generation counts as not said yet.
pub(super) const LUA: &str = r#"local annotations = obj.metadata.annotations or {}
if obj.metadata.deletionTimestamp then
  return { status = "Progressing", message = "Being deleted" }
end
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

/// For Argo CD, in Lua: the health of an Application, which Argo CD says in the Application itself.
pub(super) const APPLICATION: &str = r#"local health = (obj.status or {}).health or {}
return { status = health.status or "Progressing", message = health.message or "" }
"#;

/// For Flux, in CEL: a composite resource is on its way. (Where it has no `status` at all, Flux cannot evaluate what comes after this,
/// and waits.)
pub(super) const IN_PROGRESS: &str = "metadata.?deletionTimestamp.hasValue()";

/// For Flux, in CEL: a composite resource cannot become what it should be. What is said of an older generation counts as not said
/// yet, and one that is paused has not failed, though Crossplane says that it is not synchronised.
pub(super) const FAILED: &str = "status.?conditions.orValue([]).exists(c, c.type == 'Synced' && c.status == 'False' && \
     c.?reason.orValue('') != 'ReconcilePaused' && \
     c.?observedGeneration.orValue(metadata.generation) == metadata.generation)";

/// For Flux, in CEL: a composite resource is as it should be.
pub(super) const CURRENT: &str = "status.?conditions.orValue([]).exists(c, c.type == 'Ready' && c.status == 'True' && \
     c.?observedGeneration.orValue(metadata.generation) == metadata.generation)";

/// For Flux, in CEL: a package runs. Without this Flux takes one for healthy before Crossplane has looked at it.
pub(super) const HEALTHY: &str = "status.?conditions.orValue([]).exists(c, c.type == 'Healthy' && c.status == 'True')";

/// For Flux, in CEL: a definition's API is served.
pub(super) const ESTABLISHED: &str =
    "status.?conditions.orValue([]).exists(c, c.type == 'Established' && c.status == 'True')";
