"""Pure decisions about cohorts: lists of people, the facts of an enrollment, and its roll-up."""
