//! The literals of the composition language: `resource!`, `status!`, `text!` and `#[composition]`.
//!
//! Nothing is here yet. A composition is written with the plain API of `planewright::compose`, which is complete without
//! macros and to whose calls alone the literals will expand.
