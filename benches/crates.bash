# Sourced by run.sh, compile-all.sh and language.sh: crates in a workspace of their own, outside the repository.
# They set ROOT (the checkout) before, and those that generate crates PLANEWRIGHT (the program).

# new_workspace DIR: an empty workspace with the versions and the profile of the repository, so that what the repository
# has built is found again where both share a target folder.
new_workspace() {
  mkdir -p "$1/crates"
  cp "$ROOT/Cargo.lock" "$ROOT/rust-toolchain.toml" "$1/"
  cat >"$1/Cargo.toml" <<'TOML'
[workspace]
members = ["crates/*"]
resolver = "3"

[profile.dev]
debug = "line-tables-only"

[profile.dev.package."*"]
debug = false

[profile.dev.build-override]
opt-level = 1
TOML
}

# generated_crate WORKSPACE NAME PATH… [--select GLOB…]: a crate that `planewright generate --crate` wrote.
generated_crate() {
  local workspace=$1 name=$2
  shift 2
  "$PLANEWRIGHT" generate "$@" --crate "$name" --sdk "$ROOT/sdk" --out "$workspace/crates/$name"
}
