"""What designers do to journeys and drafts; each public function is one transaction."""
