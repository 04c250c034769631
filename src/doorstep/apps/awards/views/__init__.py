"""The pages of awards and payments, by noun."""
