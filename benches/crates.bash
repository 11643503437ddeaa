# Sourced by run.sh and compile-all.sh: crates of generated types in a workspace of their own, outside the repository.
# Both set ROOT (the checkout) and PLANEWRIGHT (the program) before.

# new_workspace DIR: an empty workspace with the versions and the profile of the repository, so that what the repository
# has built is found again where both share a target folder.
new_workspace() {
  mkdir -p "$1/crates"
  cp "$ROOT/Cargo.lock" "$ROOT/rust-toolchain.toml" "$1/"
  cat >"$1/Cargo.toml" <<'TOML'
[workspace]
members = ["crates/*"]
resolver = "3"

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
