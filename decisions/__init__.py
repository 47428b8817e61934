"""From recommendation to decision: who decided what and why, what was promised, and when to look again."""
