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

import java.util.Map;
import java.util.function.Supplier;

import org.springframework.boot.actuate.info.Info;
import org.springframework.boot.actuate.info.InfoContributor;

/**
 * What the outbox consists of. Asks neither the database nor a broker.
 */
public final class OutboxInfoContributor implements InfoContributor {

	private final Supplier<Map<String, Object>> details;

	/**
	 * Creates the contributor.
	 * @param details returns what is shown, free of secrets
	 */
	public OutboxInfoContributor(Supplier<Map<String, Object>> details) {
		this.details = details;
	}

	/**
	 * Returns what is shown.
	 * @return the details by their names
	 */
	public Map<String, Object> details() {
		return this.details.get();
	}

	@Override
	public void contribute(Info.Builder builder) {
		builder.withDetail("outbox", details());
	}

}
