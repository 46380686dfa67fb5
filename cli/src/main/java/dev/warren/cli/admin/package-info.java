/// What administrators set: users, providers, models, templates.
@NullMarked
package dev.warren.cli.admin;

import org.jspecify.annotations.NullMarked;
