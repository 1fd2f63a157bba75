"""What the application does; each public function that writes is one transaction."""
