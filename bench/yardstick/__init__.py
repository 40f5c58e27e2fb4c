"""What bench/compare.py, bench/durability.py and bench/startup.py share: scenarios, brokers, rounds, tables and the budget."""
