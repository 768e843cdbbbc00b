"""The promo game: count first, ask the email service provider (ESP) after."""
