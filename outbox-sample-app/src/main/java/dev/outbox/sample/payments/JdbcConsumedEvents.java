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

package dev.outbox.sample.payments;

import org.springframework.context.annotation.Profile;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

@Repository
@Profile("!mongo")
class JdbcConsumedEvents implements ConsumedEvents {

	private final JdbcClient jdbc;

	JdbcConsumedEvents(JdbcClient jdbc) {
		this.jdbc = jdbc;
	}

	// tag::consumed[]
	@Override
	public boolean add(String id) {
		boolean known = this.jdbc.sql("SELECT count(*) FROM consumed_event WHERE id = ?")
			.param(id)
			.query(Integer.class)
			.single() > 0;
		return !known && this.jdbc.sql("INSERT INTO consumed_event (id) VALUES (?)").param(id).update() == 1;
	}
	// end::consumed[]

}
