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

package dev.outbox.benchmark;

import java.math.BigDecimal;

import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;

/**
 * What the application is there for, as an entity.
 */
@Entity
@Table(name = "business_order")
class BusinessOrder {

	@Id
	private long id;

	private String customer = "";

	private BigDecimal total = BigDecimal.ZERO;

	private String note = "";

	protected BusinessOrder() {
	}

	BusinessOrder(long id) {
		this.id = id;
		this.customer = "customer-" + id % 1000;
		this.total = BigDecimal.valueOf(id % 100);
		this.note = "an order of the benchmark";
	}

}
