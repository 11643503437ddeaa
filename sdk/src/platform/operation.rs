//! An operation as a platform knows it.

use std::fmt;

use super::composition::last_part;
use crate::compose::{OperationCx, Operator, Result};
use crate::state::Function;

/// An operation with its name.
pub struct Operation {
    name: String,
    function: Box<dyn Function + Send + Sync>,
}

impl fmt::Debug for Operation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Operation({:?})", self.name)
    }
}

impl Operation {
    /// An operation by its function. Of a path such as `rotation::rotate`, the last part is the name.
    pub fn new<F>(name: &str, operate: F) -> Self
    where
        F: Fn(&mut OperationCx) -> Result<()> + Send + Sync + 'static,
    {
        Operation { name: last_part(name), function: Box::new(Operator::new(operate)) }
    }

    /// Its name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The function.
    pub fn function(&self) -> &dyn Function {
        &*self.function
    }
}
