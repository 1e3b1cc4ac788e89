package migrations

// With is with, for tests that stop at a step.
var With = with
