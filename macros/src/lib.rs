//! The literals of the composition language.
