// SPDX-License-Identifier: MIT OR GPL-2.0
/*
 * A virtual SPI controller for the laboratory. The kernel's own spidev sits on it as /dev/spidev9.0 and
 * brings all its rules; the slave is whatever process has /dev/virtual-spi open. It read()s one transfer
 * at a time, `struct transfer_header` and then the bytes from the master, and write()s the bytes to the
 * master, of the same number. With nobody there the master reads a pulled-up line: 0xFF.
 */
#include <linux/miscdevice.h>
#include <linux/module.h>
#include <linux/platform_device.h>
#include <linux/spi/spi.h>
#include <linux/uaccess.h>

#define BUS 9
#define ANSWER_WITHIN (5 * HZ)

struct transfer_header {
	__u32 length;
	__u32 speed_hz;
	__u32 mode; /* SPI_CPHA, SPI_CPOL, ... */
	__u8 bits_per_word;
	__u8 chip_select_held; /* 1: the next transfer belongs to the same chip-select frame */
	__u8 reserved[2];
};

enum phase { IDLE, OFFERED, TAKEN, ANSWERED };

static DECLARE_WAIT_QUEUE_HEAD(changed);
static DEFINE_MUTEX(lock);
static enum phase phase = IDLE;
static bool slave_there;
static struct transfer_header header;
static struct spi_transfer *current_transfer;
static struct platform_device *platform_device;
static struct spi_controller *controller;

static void enter(enum phase next)
{
	phase = next;
	wake_up_all(&changed);
}

static int ask_slave(struct spi_device *device, struct spi_transfer *transfer, bool held)
{
	int error = 0;

	mutex_lock(&lock);
	if (!slave_there) {
		if (transfer->rx_buf)
			memset(transfer->rx_buf, 0xff, transfer->len);
		mutex_unlock(&lock);
		return 0;
	}
	header = (struct transfer_header){ .length = transfer->len, .speed_hz = transfer->speed_hz,
		.mode = device->mode, .bits_per_word = transfer->bits_per_word, .chip_select_held = held };
	current_transfer = transfer;
	enter(OFFERED);
	mutex_unlock(&lock);

	wait_event_timeout(changed, phase == ANSWERED || !slave_there, ANSWER_WITHIN);

	mutex_lock(&lock);
	if (phase != ANSWERED)
		error = -ETIMEDOUT;
	current_transfer = NULL;
	enter(IDLE);
	mutex_unlock(&lock);
	return error;
}

static int transfer_one_message(struct spi_controller *ctlr, struct spi_message *message)
{
	struct spi_transfer *transfer;
	int error = 0;

	list_for_each_entry(transfer, &message->transfers, transfer_list) {
		bool last = list_is_last(&transfer->transfer_list, &message->transfers);

		if (!transfer->len) /* a pause after select */
			continue;
		error = ask_slave(message->spi, transfer, last == transfer->cs_change);
		if (error)
			break;
		message->actual_length += transfer->len;
	}
	message->status = error;
	spi_finalize_current_message(ctlr);
	return error;
}

static int slave_open(struct inode *inode, struct file *file)
{
	int error = 0;

	mutex_lock(&lock);
	if (slave_there)
		error = -EBUSY;
	slave_there = true;
	mutex_unlock(&lock);
	return error;
}

static int slave_release(struct inode *inode, struct file *file)
{
	mutex_lock(&lock);
	slave_there = false;
	wake_up_all(&changed);
	mutex_unlock(&lock);
	return 0;
}

static ssize_t slave_read(struct file *file, char __user *to, size_t room, loff_t *offset)
{
	ssize_t result = -EAGAIN;
	const void *sent;

	while (result == -EAGAIN) {
		if (wait_event_interruptible(changed, phase == OFFERED))
			return -ERESTARTSYS;
		mutex_lock(&lock);
		if (phase == OFFERED) {
			sent = current_transfer->tx_buf;
			result = sizeof(header) + header.length;
			if (room < result)
				result = -EMSGSIZE;
			else if (copy_to_user(to, &header, sizeof(header)) ||
				 (sent ? copy_to_user(to + sizeof(header), sent, header.length)
				       : clear_user(to + sizeof(header), header.length)))
				result = -EFAULT;
			else
				enter(TAKEN);
		}
		mutex_unlock(&lock);
	}
	return result;
}

static ssize_t slave_write(struct file *file, const char __user *from, size_t length, loff_t *offset)
{
	ssize_t result = length;

	mutex_lock(&lock);
	if (phase != TAKEN)
		result = -EPIPE;
	else if (length != header.length)
		result = -EINVAL;
	else if (current_transfer->rx_buf && copy_from_user(current_transfer->rx_buf, from, length))
		result = -EFAULT;
	else
		enter(ANSWERED);
	mutex_unlock(&lock);
	return result;
}

static const struct file_operations slave_operations = {
	.owner = THIS_MODULE,
	.open = slave_open,
	.release = slave_release,
	.read = slave_read,
	.write = slave_write,
};

static struct miscdevice slave_device = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "virtual-spi",
	.fops = &slave_operations,
};

static int __init virtual_spi_init(void)
{
	/* spidev binds to the names of real chips only. */
	struct spi_board_info board = { .modalias = "dh2228fv", .max_speed_hz = 50000000 };
	int error;

	platform_device = platform_device_register_simple("virtual-spi", BUS, NULL, 0);
	if (IS_ERR(platform_device))
		return PTR_ERR(platform_device);
	controller = spi_alloc_master(&platform_device->dev, 0);
	if (!controller) {
		platform_device_unregister(platform_device);
		return -ENOMEM;
	}
	controller->bus_num = BUS;
	controller->num_chipselect = 1;
	controller->transfer_one_message = transfer_one_message;
	controller->mode_bits = SPI_CPOL | SPI_CPHA | SPI_LSB_FIRST;
	controller->bits_per_word_mask = SPI_BPW_MASK(8);
	controller->max_speed_hz = 50000000;
	error = spi_register_controller(controller);
	if (error) {
		spi_controller_put(controller);
		platform_device_unregister(platform_device);
		return error;
	}
	spi_new_device(controller, &board);
	return misc_register(&slave_device);
}

static void __exit virtual_spi_exit(void)
{
	misc_deregister(&slave_device);
	spi_unregister_controller(controller);
	platform_device_unregister(platform_device);
}

module_init(virtual_spi_init);
module_exit(virtual_spi_exit);
MODULE_DESCRIPTION("Virtual SPI controller of rpcgen's link laboratory");
MODULE_LICENSE("Dual MIT/GPL");
