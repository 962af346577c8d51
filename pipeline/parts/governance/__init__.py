"""What governs besides people: policy, instruments, the calendar, and the consents to a change."""
