"""What happens to a bureau in public: opinions, impersonation and accidents of its accounts."""
