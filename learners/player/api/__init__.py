"""The learner's part of the API: who I am, my enrollments, and the completion of a step."""
