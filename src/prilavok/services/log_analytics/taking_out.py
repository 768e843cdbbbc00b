"""Taking the lines of an import out, as if they had never come."""

from prilavok.repositories.log_imports.log_repositories import LogRepositories
from prilavok.services.log_analytics.cart_writer import settle_votes


async def take_out(logs: LogRepositories, number: int) -> None:
    """Delete what carries the number; what depended on it is counted again."""
    touched = await logs.rows.deletion.find_carts(number)
    payers = await logs.rows.deletion.find_payers(number)
    votes = await logs.rows.deletion.find_lost_votes(number)
    await logs.rows.deletion.delete_lines(number)
    touched |= await logs.rows.carts.add_votes(votes)
    touched |= await logs.rows.carts.find_paid_elsewhere(payers)
    await logs.rows.carts.recount(touched)
    # Lines that are left may have lost the event that they voted by.
    await settle_votes(logs)
