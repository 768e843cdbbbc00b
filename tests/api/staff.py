"""A few accounts that differ in what lists look at."""

from tests.api.people import ApiClient, make_role, make_user


async def hire(admin: ApiClient) -> None:
    """Have a few accounts beside the first administrator."""
    await make_role(admin, "Clerk")
    await make_user(admin, "ann", first_name="Ann", last_name="100% Smith")
    await make_user(admin, "bob", first_name="B\u00f6b", last_name="under_score")
    clerk = {"role": "Clerk", "first_name": "C"}
    await make_user(admin, "carl", **clerk, email="Mail@Example.com")
    await make_user(admin, "dora", **clerk | {"first_name": "D"}, is_active=False)
