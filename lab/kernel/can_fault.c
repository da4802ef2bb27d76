// SPDX-License-Identifier: MIT OR GPL-2.0
/*
 * Makes a CAN card of the laboratory see errors. QEMU's cards never do, so this reports to the kernel's
 * CAN core what a card's driver reports: write "can0 <transmit errors> <receive errors>" to /dev/can-fault.
 * More than 95 warn, more than 127 make the controller passive, more than 255 transmit errors take it off
 * the bus, from which only a restart (`ip link set can0 type can restart`, or restart-ms) brings it back.
 */
#include <linux/can/dev.h>
#include <linux/can/error.h>
#include <linux/miscdevice.h>
#include <linux/module.h>
#include <linux/netdevice.h>
#include <linux/uaccess.h>

static enum can_state state_of(unsigned int errors)
{
	if (errors > 255)
		return CAN_STATE_BUS_OFF;
	if (errors > 127)
		return CAN_STATE_ERROR_PASSIVE;
	return errors > 95 ? CAN_STATE_ERROR_WARNING : CAN_STATE_ERROR_ACTIVE;
}

static void report(struct net_device *dev, unsigned int sent, unsigned int received)
{
	enum can_state tx_state = state_of(sent), rx_state = state_of(min(received, 255u));
	struct can_priv *priv = netdev_priv(dev);
	struct can_frame *frame;
	struct sk_buff *skb = alloc_can_err_skb(dev, &frame);

	if (!skb)
		return;
	frame->can_id |= CAN_ERR_CNT;
	frame->data[6] = min(sent, 255u);
	frame->data[7] = min(received, 255u);
	if (max(tx_state, rx_state) != priv->state) {
		can_change_state(dev, frame, tx_state, rx_state);
		if (priv->state == CAN_STATE_BUS_OFF)
			can_bus_off(dev);
	}
	netif_rx(skb);
}

static ssize_t fault_write(struct file *file, const char __user *from, size_t length, loff_t *offset)
{
	unsigned int sent, received;
	char text[64], name[IFNAMSIZ];
	struct net_device *dev;

	if (length >= sizeof(text))
		return -EINVAL;
	if (copy_from_user(text, from, length))
		return -EFAULT;
	text[length] = 0;
	if (sscanf(text, "%15s %u %u", name, &sent, &received) != 3)
		return -EINVAL;
	dev = dev_get_by_name(&init_net, name);
	if (!dev)
		return -ENODEV;
	report(dev, sent, received);
	dev_put(dev);
	return length;
}

static const struct file_operations fault_operations = { .owner = THIS_MODULE, .write = fault_write };

static struct miscdevice fault_device = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "can-fault",
	.fops = &fault_operations,
};

module_misc_device(fault_device);
MODULE_DESCRIPTION("CAN errors on demand for rpcgen's link laboratory");
MODULE_LICENSE("Dual MIT/GPL");
