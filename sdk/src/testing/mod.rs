//! Helpers for tests of compositions.
