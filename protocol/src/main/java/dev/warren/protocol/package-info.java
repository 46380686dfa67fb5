/// What crosses a border of Warren, and how it is written: ids, problems and the JSON mapper that
/// every program shares. Knows nothing of HTTP servers, databases or models.
@NullMarked
package dev.warren.protocol;

import org.jspecify.annotations.NullMarked;
