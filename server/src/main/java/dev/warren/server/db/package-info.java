/// PostgreSQL: the pool, transactions, migrations, wake-ups and the embedded server. Stores of
/// other features get a [dev.warren.server.db.Database]; only they and this package see JDBI or
/// JDBC. Knows no feature's tables. Thread-safe throughout; a transaction belongs to the thread
/// that runs it.
@NullMarked
package dev.warren.server.db;

import org.jspecify.annotations.NullMarked;
