/*
 * Copyright 2026 the original author or authors.
 *
 * Licensed under the Apache License, Version 2.0 (the "License");
 * you may not use this file except in compliance with the License.
 * You may obtain a copy of the License at
 *
 *      https://www.apache.org/licenses/LICENSE-2.0
 *
 * Unless required by applicable law or agreed to in writing, software
 * distributed under the License is distributed on an "AS IS" BASIS,
 * WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied.
 * See the License for the specific language governing permissions and
 * limitations under the License.
 */

package dev.outbox.actuate;

import java.util.List;
import java.util.Objects;

import dev.outbox.store.AuditEntry;
import org.jspecify.annotations.Nullable;

import org.springframework.aot.hint.annotation.RegisterReflectionForBinding;
import org.springframework.boot.actuate.endpoint.Access;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;

/**
 * What operators have changed: who, what and when.
 */
@Endpoint(id = "outboxaudit", defaultAccess = Access.READ_ONLY)
@RegisterReflectionForBinding({ OutboxAuditEndpoint.Page.class, Requests.Refusal.class })
public final class OutboxAuditEndpoint {

	private final OperatedOutboxes outboxes;

	/**
	 * Creates the endpoint.
	 * @param outboxes the outboxes of the application
	 */
	public OutboxAuditEndpoint(OperatedOutboxes outboxes) {
		this.outboxes = outboxes;
	}

	/**
	 * Lists changes, newest first.
	 * @param before number of the last one already seen
	 * @param limit how many at most
	 * @param outbox name of the outbox, if there are several
	 * @return a page
	 */
	@ReadOperation
	public @Nullable Object list(@Nullable Long before, @Nullable Integer limit, @Nullable String outbox) {
		return Requests.answer(() -> page(before, limit, outbox));
	}

	private Page page(@Nullable Long before, @Nullable Integer limit, @Nullable String outbox) {
		int most = Requests.limit(limit);
		List<AuditEntry> entries = this.outboxes.get(outbox)
			.audit()
			.list(Objects.requireNonNullElse(before, Long.MAX_VALUE), most);
		return new Page(entries, (entries.size() == most) ? entries.get(entries.size() - 1).number() : null);
	}

	/**
	 * A page of changes.
	 *
	 * @param entries the changes, newest first
	 * @param next what to give as {@code before} for the next page, {@code null} if there
	 * is none
	 */
	public record Page(List<AuditEntry> entries, @Nullable Long next) {

		public Page {
			entries = List.copyOf(entries);
		}

	}

}
