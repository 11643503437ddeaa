//! What literals look like.

use super::*;
