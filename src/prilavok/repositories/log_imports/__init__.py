"""What an import reads and writes, on asyncpg's connection itself.

SQL stands here as text: COPY and statements over arrays gain nothing from SQLAlchemy.
"""
