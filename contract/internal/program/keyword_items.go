package program

import "strconv"

// items compiles items and prefixItems: the node of each index is what all
// schemas of the conjunction say of it.
func (c *compilation) items(r *arrayRules, elems []elem) error {
	longest := 0
	for _, e := range elems {
		longest = max(longest, len(e.s.PrefixItems))
	}
	for i := range longest {
		n, err := c.itemNode(elems, i)
		if err != nil {
			return err
		}
		r.prefix = append(r.prefix, n)
	}
	n, err := c.itemNode(elems, longest)
	r.rest = n
	return err
}

// itemNode is the node of the item at index i.
func (c *compilation) itemNode(elems []elem, i int) (*node, error) {
	var children []elem
	for _, e := range elems {
		ref := e.s.Items
		if i < len(e.s.PrefixItems) {
			ref = e.s.PrefixItems[i]
		}
		if ref == nil {
			continue
		}
		child, err := c.elem(e.s, "items", ref)
		if err != nil {
			return nil, err
		}
		children = append(children, child)
	}
	return c.node(children, false)
}

// itemCounts compiles minItems and maxItems.
func (c *compilation) itemCounts(e elem, r *arrayRules) {
	if v := e.s.MinItems; v != 0 {
		r.minLimits = append(r.minLimits, limit{clampInt(v), c.fact(e.s, "minItems", KindMinItems, strconv.FormatUint(v, 10))})
		r.minItems = max(r.minItems, clampInt(v))
	}
	if v := e.s.MaxItems; v != nil {
		r.maxLimits = append(r.maxLimits, limit{clampInt(*v), c.fact(e.s, "maxItems", KindMaxItems, strconv.FormatUint(*v, 10))})
		r.maxItems = min(r.maxItems, clampInt(*v))
	}
}
